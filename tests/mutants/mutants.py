#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Break the judge on purpose, one mistake at a time; each has to be caught by a check.

Usage: mutants.py --build FOLDER [--out FILE] [--quick] [--only NAME,...]

A mutant is a copy of one source with one place changed. It is compiled beside the build folder, put
into the judge's library in place of the real one, and the tests that could notice are linked with
it and run until one fails. Nothing of it is in the program that users run. `--quick` takes the
four mistakes of the specification with unit tests only, and looks whether all others still apply.
`--out` writes a table for docs/validation/REPORT.md. Exit code 1 when a mutant survives.
"""

import argparse
import json
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
JUDGE = "src/judge"
LIBRARY = "src/libpl_judge.a"
USUAL = ["judge", "trunk", "hearing", "course", "weigh", "verdict"]
VALIDATION = "tests/validation/validation_test"

# (name, the mistake in words, source, text once in it, text instead, unit tests beside the usual)
QUICK = [
    ("seed", "the bank is drawn with the session's seed", "judge.c",
     ".replicate = def->replicate,", ".replicate = def->seed,", []),
    ("weights", "particles that explain the past badly count as much as others", "belief.c",
     "weight[k] = pl_exp(gamma * (explained[k] - best));", "weight[k] = 1.0;", ["belief"]),
    ("futures", "options do not share their futures", "segment.c",
     "pl_random_child(def->seed, task->future),",
     "pl_random_child(def->seed, task->future * 64 + task->option),", ["segment"]),
    ("permuted", "likelihoods are given to the next cause", "belief.c",
     "log_likelihood[h] = pl_likelihood_log(likelihood, h, reading);",
     "log_likelihood[h] = pl_likelihood_log(likelihood, h < likelihood->cause_count ? (h + 1) % "
     "likelihood->cause_count : h, reading);", ["belief"]),
]
MORE = [
    ("two-values", "luck takes V of one belief and Q of another", "verdict.c",
     "pl_adjusted_add(&adjusted, worth.v, worth.value);",
     "pl_adjusted_add(&adjusted, worth.v_perceived, worth.value);", []),
    ("misread", "no floor for misreading", "belief_math.c",
     "+ floor + 1e-300);", "+ 1e-300);", ["belief_math", "belief", "eig"]),
    ("finite", "densities do not pay for the finite bank", "likelihood.c",
     "(1.0 + 1.0 / effective) * spread;", "spread;", ["likelihood", "belief", "eig"]),
    ("in-sample", "expected bits ask the particle about itself", "eig.c",
     "tempered(look, without, floor, top);", "tempered(look, log_likelihood[cause], floor, top);",
     ["eig"]),
    ("eta", "the learning rate is not used", "belief_math.c",
     "before[h] + def->eta * likelihood;", "before[h] + likelihood;", ["belief_math", "belief"]),
    ("acts", "acts are not done in the supposed worlds", "course.c",
     "pl_status status = pl_bank_act(judge->bank, call, err);",
     "pl_status status = err != NULL ? PL_OK : PL_LIMIT;", []),
    ("late", "looks are done in the worlds before the time of the look has passed", "hearing.c",
     "    pl_course_pass(judge, outcome.after_ns);", "", []),
    ("acceptance", "how often a cause sends the page is not counted", "judge.c",
     "scenario->causes[h].prior * pl_bank_acceptance(judge->bank, h);",
     "scenario->causes[h].prior;", []),
    ("optimist", "the lowest of noisy means is taken as it is", "value.c",
     "q[0][option] - least.debiased;", "q[0][option] - least.naive;", ["value"]),
    ("labels", "lucky and unlucky change places", "audit.c",
     "return good ? PL_LABEL_LUCKY : PL_LABEL_ERROR;",
     "return good ? PL_LABEL_UNLUCKY : PL_LABEL_ERROR;", ["audit"]),
    ("free-time", "damage that passes during a look is not counted", "value.c",
     ".value = passed + mean,", ".value = mean,", ["value"]),
    ("news", "what is told by itself is not foreseen", "hearing.c",
     "    if (call == NULL) {\n        foresee_news",
     "    if (seq < 0) {\n        foresee_news", []),
    ("noticed", "everything shown counts as noticed", "belief.c",
     "double p = noticed * pl_exp(stream->log_belief[h]) + (1.0 - noticed) * pl_exp(before[h]);",
     "double p = (1.0 + 0.0 * noticed * before[0]) * pl_exp(stream->log_belief[h]);", ["belief"]),
    ("rate", "what a look costs is not counted", "sweep.c",
     "return seconds > 1.0 ? seconds : 1.0;", "return 1.0 + 0.0 * seconds;", ["sweep"]),
    ("prune", "causes are given up while they are likely", "thrift.c",
     "#define GIVEN_UP 0.002", "#define GIVEN_UP 0.45 ", ["thrift"]),
    ("unkept", "worlds that were given up go on counting", "belief.c",
     "explained + first, belief->worlds[h], weight_of", "explained + first, belief->def.particles, "
     "weight_of", ["belief"]),
    ("jump", "damage jumps when worlds are given up", "thrift.c",
     "stretch->start_damage[cause] += pl_thrift_damage(judge, cause) - before;",
     "stretch->start_damage[cause] += 0.0 * before;", ["thrift"]),
    ("rest", "damage after the close is not counted", "verdict.c",
     "*realised = before + rest;", "*realised = before;", []),
    ("truth", "statements are compared with the truth, not with the evidence", "claims.c",
     "over_time(calibration, calibration->brier)", "over_time(calibration, calibration->truth)",
     ["claims"]),
    ("after", "an act is worth what it was before it was done", "weigh.c",
     "pl_course_model(judge, epoch->opened);", "pl_course_model(judge, epoch->segment);", []),
    ("draws", "foreseen readings are not weighted by the belief", "sweep.c",
     "keep_draw(to + d * (1 + (size_t)causes), belief[h] * w,",
     "keep_draw(to + d * (1 + (size_t)causes), w,", ["sweep"]),
    ("taken-over", "tables that were taken over end where they ended", "course.c",
     "uint32_t known = starts ? stretch->inherited : stretch->covered;",
     "uint32_t known = starts ? stretch->inherited : stretch->inherited;", []),
    ("between", "values between two moments are those of the earlier one", "segment.c",
     "cell.mean += weight * (next.mean - cell.mean);", "cell.mean += 0.0 * weight;", ["segment"]),
]


def mutate(source, old, new):
    """Return the text of the mutant; the place must be there once."""
    text = (ROOT / JUDGE / source).read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise LookupError(f"{source} has `{old}` {text.count(old)} times, not once")
    return text.replace(old, new)


def compile_command(build, source):
    """Words of the command that compiles a source of the judge, and its object."""
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        words = shlex.split(entry["command"])
        if entry["file"].endswith(f"/judge/{source}") and LIBRARY in entry["output"]:
            return words, entry["output"]
    raise LookupError(f"{source} is not compiled in {build}")


def make_library(build, source, text, folder):
    """Compile a mutant into a library of its own; returns its path."""
    words, output = compile_command(build, source)
    mutant = folder / source
    mutant.write_text(text, encoding="utf-8")
    target = folder / pathlib.Path(output).name
    words = [str(target) if word == output else word for word in words]
    words = [str(mutant) if word.endswith(f"/judge/{source}") else word for word in words]
    subprocess.run(words + ["-w"], cwd=build, check=True, stdout=subprocess.DEVNULL)
    objects = [str(path) for path in sorted((build / f"{LIBRARY}.p").glob("*.o"))
               if path.name != target.name]
    library = folder / "libmutant.a"
    subprocess.run(["ar", "crs", str(library), str(target), *objects], cwd=build, check=True)
    return library


def link(build, test, library, folder):
    """Link a test with the mutant; returns the program."""
    done = subprocess.run(["ninja", "-t", "commands", test], cwd=build, check=True,
                          capture_output=True, text=True)
    words = shlex.split(done.stdout.splitlines()[-1])
    program = folder / pathlib.Path(test).name
    words = [str(library) if word == LIBRARY else word for word in words]
    words[words.index("-o") + 1] = str(program)
    subprocess.run(words, cwd=build, check=True)
    return program


def failing(program, timeout):
    """Name of the check that fails, or "" when all pass or time ran out: that says nothing."""
    try:
        done = subprocess.run([program, str(ROOT / "tests/content")], cwd=ROOT, timeout=timeout,
                              capture_output=True, text=True, check=False)
    except subprocess.TimeoutExpired:
        print(f"mutants: {pathlib.Path(program).name} had not ended after {timeout} s", flush=True)
        return ""
    if done.returncode == 0:
        return ""
    found = re.findall(r"\[  FAILED  \] (\w+)", done.stdout + done.stderr)
    return found[0] if found else f"ended with {done.returncode}"


def hunt(build, row, validation):
    """Return (test, check) that catches a mutant, or ("", "")."""
    _, _, source, old, new, more = row
    stem = source.removesuffix(".c")
    tests = list(dict.fromkeys([*more, stem, *USUAL]))
    tests = [f"src/{name}_test" for name in tests if (build / f"src/{name}_test").exists()]
    tests += [VALIDATION] if validation else []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        library = make_library(build, source, mutate(source, old, new), folder)
        for test in tests:
            check = failing(link(build, test, library, folder), 600)
            if check:
                return test, check
    return "", ""


def write_table(path, rows, seconds):
    """Write what caught each mutant."""
    caught = sum(1 for row in rows if row[2])
    left = len(QUICK + MORE) - len(rows)
    rest = f" {left} others were not tried in this run." if left else ""
    lines = ["## Mistakes made on purpose (A10)", "",
             f"{caught} of {len(rows)} mistakes are caught; target all.{rest} "
             f"{time.strftime('%Y-%m-%d', time.gmtime())}, `script/validate --mutants`, "
             f"{seconds:.0f} s.", "",
             "| mistake | caught by | check |", "|---|---|---|"]
    for _, what, test, check in rows:
        lines.append(f"| {what} | {pathlib.Path(test).name if test else '**nothing**'} | "
                     f"{check.replace('_', ' ')} |")
    pathlib.Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True, help="build folder that is up to date")
    parser.add_argument("--out", help="file for the table")
    parser.add_argument("--only", default="", help="names, separated by commas")
    parser.add_argument("--quick", action="store_true", help="four mistakes, unit tests only")
    args = parser.parse_args()
    build = pathlib.Path(args.build).resolve()
    only = set(args.only.split(",")) if args.only else None
    survivors = 0
    rows = []
    started = time.monotonic()
    for row in QUICK + MORE:
        if only is not None and row[0] not in only:
            continue
        if args.quick and row in MORE:
            mutate(row[2], row[3], row[4])
            continue
        test, check = hunt(build, row, not args.quick)
        rows.append((row[0], row[1], test, check))
        survivors += 0 if test else 1
        print(f"{row[0]:<12} {'caught by ' + test + ': ' + check if test else 'SURVIVES'}",
              flush=True)
    if args.out:
        write_table(args.out, rows, time.monotonic() - started)
    print(f"mutants: {len(rows) - survivors} of {len(rows)} caught")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
