import { adopt } from './commands/adopt';
import { configCheck } from './commands/config-check';
import { demo } from './commands/demo';
import { doctor } from './commands/doctor';
import { exportStatements } from './commands/export';
import { freeze, unfreeze } from './commands/freeze';
import { grants } from './commands/grants';
import { history } from './commands/history';
import { init } from './commands/init';
import { membershipApply, membershipPlanCommand } from './commands/membership';
import { plan } from './commands/plan';
import { publish } from './commands/publish';
import { reconcile } from './commands/reconcile';
import { redrive } from './commands/redrive';
import { report } from './commands/report';
import { revoke } from './commands/revoke';
import { sendTest } from './commands/send-test';
import { status } from './commands/status';
import { synth } from './commands/synth';
import { targetCreate, targetDelete, targetList } from './commands/target';
import { uninstall } from './commands/uninstall';
import { why } from './commands/why';
import type { Command } from './framework/command';

/** Every command, in the order in which the documentation tells of them. A new one is made in `commands/` and added here. */
export const COMMANDS: readonly Command[] = [
  demo,
  init,
  configCheck,
  synth,
  sendTest,
  status,
  publish,
  targetCreate,
  targetList,
  targetDelete,
  membershipPlanCommand,
  membershipApply,
  grants,
  why,
  history,
  report,
  doctor,
  plan,
  reconcile,
  revoke,
  freeze,
  unfreeze,
  redrive,
  adopt,
  exportStatements,
  uninstall,
];
