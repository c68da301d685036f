import { DescribeRuleCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import { GetFunctionConfigurationCommand, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import type { HandlerEnv } from '../../../handler/contract/environment';
import { arnsOf, namesOf } from '../../../modules/naming';
import type { Clients } from '../clients';
import type { Context } from '../framework/context';
import { counted } from '../framework/table';
import { waitingIn } from '../requests/waiting-messages';
import type { Check, Finding } from './finding';

/** More than this in the queue is more than a burst of approvals. */
const CROWD = 500;

const apply = "apply the domain account's stack";

/** Whether everything between DataZone and the function is connected: rule, queues, function, and what feeds it. */
export const linkChecks = (context: Context, reader: Clients): readonly Check[] => [
  { name: 'rule', look: () => lookAtRule(context, reader) },
  { name: 'queue', look: () => lookAtQueues(context, reader) },
  { name: 'function', look: () => lookAtFunction(context, reader) },
];

const lookAtRule = async ({ deployment }: Context, reader: Clients): Promise<readonly Finding[]> => {
  const { naming, domain } = deployment;
  const { rule: name } = namesOf(naming.prefix);
  const { queue } = arnsOf(naming, domain);
  const [rule, { Targets: targets = [] }] = await Promise.all([
    reader.events().send(new DescribeRuleCommand({ Name: name })),
    reader.events().send(new ListTargetsByRuleCommand({ Rule: name })),
  ]);
  const found = (finding: string): Finding => ({
    level: 'problem',
    check: 'rule',
    subject: name,
    finding,
    remedy: `${apply}, and then: datazone-s3 reconcile`,
  });
  return [
    ...(rule.State === 'ENABLED' ? [] : [found(`the rule is ${rule.State ?? 'in no state'}: no event arrives`)]),
    ...(rule.EventPattern?.includes(domain.id) ? [] : [found(`the rule does not ask for events of domain ${domain.id}`)]),
    ...(targets.some(({ Arn }) => Arn === queue) ? [] : [found('the rule does not send to the queue')]),
  ];
};

const lookAtQueues = async (context: Context, reader: Clients): Promise<readonly Finding[]> => {
  const names = namesOf(context.deployment.naming.prefix);
  const [queue, ...asides] = await Promise.all(
    [names.queue, names.deadLetterQueue, names.undeliveredQueue].map((name) => waitingIn(reader, { context, name })),
  );
  const runbooks = ['dead-letters', 'undelivered'];
  return [
    ...(queue !== undefined && queue.messages > CROWD
      ? [
          {
            level: 'warning' as const,
            check: 'queue',
            subject: names.queue,
            finding: `${counted(queue.messages, 'message')} wait to be worked on`,
            remedy: 'if it does not shrink, see function-errors in docs/runbooks.md',
          },
        ]
      : []),
    ...asides.flatMap(({ queue: subject, messages }, index) =>
      messages === 0
        ? []
        : [
            {
              level: 'problem' as const,
              check: 'queue',
              subject,
              finding: `${counted(messages, 'message')} set aside`,
              remedy: `repair the cause (${runbooks[index]} in docs/runbooks.md), then: datazone-s3 redrive`,
            },
          ],
    ),
  ];
};

const lookAtFunction = async ({ deployment }: Context, reader: Clients): Promise<readonly Finding[]> => {
  const { naming, domain, mode } = deployment;
  const { function: name } = namesOf(naming.prefix);
  const { queue } = arnsOf(naming, domain);
  const [configuration, { EventSourceMappings: mappings = [] }] = await Promise.all([
    reader.lambda().send(new GetFunctionConfigurationCommand({ FunctionName: name })),
    reader.lambda().send(new ListEventSourceMappingsCommand({ FunctionName: name })),
  ]);
  const found = (finding: string, remedy = apply): Finding => ({ level: 'problem', check: 'function', subject: name, finding, remedy });
  const environment: Readonly<Record<string, string>> = configuration.Environment?.Variables ?? {};
  const expected: Partial<HandlerEnv> = {
    DEPLOYMENT: deployment.name,
    MODE: mode,
    DOMAIN_ID: domain.id,
    TARGET_PROVIDER: deployment.targetProvider,
  };
  const differing = Object.entries(expected).filter(([variable, value]) => environment[variable] !== value);
  const mapping = mappings.find(({ EventSourceArn: source }) => source === queue);
  return [
    ...(configuration.State === 'Active'
      ? []
      : [found(`the function is ${configuration.State ?? 'in no state'}: ${configuration.StateReason ?? ''}`)]),
    ...(configuration.LastUpdateStatus === 'Failed'
      ? [found(`its last update failed: ${configuration.LastUpdateStatusReason ?? ''}`)]
      : []),
    ...differing.map(([variable, value]) =>
      found(
        `${variable} is '${environment[variable] ?? ''}' and the deployment file says '${value}'`,
        `${apply}, or name the file that is deployed`,
      ),
    ),
    ...(mapping === undefined
      ? [found('nothing feeds the function from the queue')]
      : mapping.State === 'Enabled'
        ? []
        : [found(`what feeds the function from the queue is ${mapping.State}`, 'enable the event-source mapping')]),
    ...(mode === 'observe'
      ? [
          {
            level: 'warning' as const,
            check: 'function',
            subject: name,
            finding: 'the deployment observes: it decides and records, and writes no policy',
            remedy: 'set mode: enforce when the recorded decisions are what you want',
          },
        ]
      : []),
  ];
};
