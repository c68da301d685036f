import { COMMANDS } from './commands';
import { runProgram } from './framework/program';

void runProgram(COMMANDS, process.argv.slice(2), process).then((code) => {
  process.exitCode = code;
});
