import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { SchedulerSchedule } from '@cdktf/provider-aws/lib/scheduler-schedule';
import { SchedulerScheduleGroup } from '@cdktf/provider-aws/lib/scheduler-schedule-group';
import type { Construct } from 'constructs';
import { MESSAGE_GROUP, type ScheduledMessage } from '../../handler/contract/requests';
import { policyDocument } from '../policy-document';
import { useOfExistingKey } from './encryption';
import type { Blueprint } from './props';
import type { Queues } from './queues';

/** What is sent and how often. A message that is late by more than its usefulness (seconds) is not sent: the next one does its work. */
const SCHEDULES = [
  { kind: 'sweep', every: 'rate(1 minute)', usefulFor: 60, about: 'Retries what is due: revocations first' },
  { kind: 'reconcile', every: 'rate(6 hours)', usefulFor: 3600, about: 'Compares everything granted with the domain' },
] as const satisfies readonly { kind: ScheduledMessage['kind']; every: string; usefulFor: number; about: string }[];

/** EventBridge Scheduler writes the time for which a message was scheduled in place of this. */
const SCHEDULED_TIME = '<aws.scheduler.scheduled-time>';

/** Creates the schedules, in a group of their own by which their role is narrowed. */
export const createSchedules = (scope: Construct, blueprint: Blueprint, { queue }: Queues): IamRole => {
  const { props, names } = blueprint;
  const group = new SchedulerScheduleGroup(scope, 'schedules', { name: names.scheduleGroup, tags: props.tags });
  const role = createRole(scope, blueprint);
  for (const { kind, every, usefulFor, about } of SCHEDULES) {
    new SchedulerSchedule(scope, kind, {
      name: kind,
      groupName: group.name,
      description: about,
      scheduleExpression: every,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: queue.arn,
        roleArn: role.arn,
        input: JSON.stringify({ kind, at: SCHEDULED_TIME } satisfies ScheduledMessage),
        sqsParameters: { messageGroupId: MESSAGE_GROUP },
        retryPolicy: { maximumEventAgeInSeconds: usefulFor, maximumRetryAttempts: 10 },
      },
    });
  }
  return role;
};

const createRole = (scope: Construct, { props, names, arns }: Blueprint) => {
  const role = new IamRole(scope, 'scheduler', {
    name: names.schedulerRole,
    path: `/${props.rolePath}`,
    description: 'Sends the scheduled messages of DataZone fulfillment',
    assumeRolePolicy: schedulerTrust(props.domain.account, arns),
    permissionsBoundary: props.permissionsBoundary,
    tags: props.tags,
  });
  new IamRolePolicy(scope, 'scheduler_policy', {
    name: 'queue',
    role: role.name,
    policy: policyDocument({ Sid: 'Queue', Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arns.queue }, useOfExistingKey(props)),
  });
  return role;
};

/**
 * Only our group of schedules takes on the role; a single schedule cannot be named here.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
export const schedulerTrust = (account: string, arns: Blueprint['arns']): string =>
  policyDocument({
    Sid: 'Scheduler',
    Effect: 'Allow',
    Principal: { Service: 'scheduler.amazonaws.com' },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'aws:SourceAccount': account }, ArnEquals: { 'aws:SourceArn': arns.scheduleGroup } },
  });
