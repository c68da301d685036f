import * as z from 'zod';
import { isAllowed, notAuthorized } from '../authorization';
import { type Call, notBuilt, type Reply, ServiceError } from '../call';
import type { State } from '../state';
import type { EventRule } from './event-bus';
import { inputOf, jsonReply } from './json-protocol';

const describeInput = z.strictObject({ Name: z.string(), EventBusName: z._default(z.literal('default'), 'default') });
const listInput = z.strictObject({ Rule: z.string(), EventBusName: z._default(z.literal('default'), 'default') });

/** A rule of the caller's account and Region, which the caller may look at. */
const ruleNamed = (state: State, call: Call, name: string): EventRule => {
  const resource = `arn:aws:events:${call.region}:${call.caller.account}:rule/${name}`;
  const question = { action: `events:${call.operation}`, resource };
  if (!isAllowed(state, call, question)) throw new ServiceError(400, 'AccessDeniedException', notAuthorized(call, question));
  const rule = state.rules.get(resource);
  if (rule === undefined) throw new ServiceError(400, 'ResourceNotFoundException', `Rule ${name} does not exist on EventBus default.`);
  return rule;
};

/** What whoever looks for the broken link of a chain asks: DescribeRule and ListTargetsByRule. */
export const replyRules = (state: State, call: Call): Reply => {
  switch (call.operation) {
    case 'DescribeRule': {
      const { Name } = inputOf(describeInput, call.params);
      const { arn, pattern, enabled } = ruleNamed(state, call, Name);
      return jsonReply('1.1', {
        ...{ Name, Arn: arn, EventBusName: 'default', CreatedBy: call.caller.account },
        ...{ State: enabled === false ? 'DISABLED' : 'ENABLED', EventPattern: JSON.stringify(pattern) },
      });
    }
    case 'ListTargetsByRule': {
      const { Rule } = inputOf(listInput, call.params);
      const { target } = ruleNamed(state, call, Rule);
      return jsonReply('1.1', { Targets: target === undefined ? [] : [{ Id: 'queue', Arn: target.queueArn }] });
    }
    default:
      throw notBuilt('events', call.operation);
  }
};
