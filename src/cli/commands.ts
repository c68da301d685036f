import { configCheck } from './commands/config-check';
import { grants } from './commands/grants';
import { history } from './commands/history';
import { status } from './commands/status';
import { why } from './commands/why';
import type { Command } from './framework/command';

/** Every command, in the order in which the documentation tells of them. A new one is made in `commands/` and added here. */
export const COMMANDS: readonly Command[] = [configCheck, status, grants, why, history];
