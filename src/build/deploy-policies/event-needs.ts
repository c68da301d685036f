import { actions, type NeedsByType, named, passRole, regional, TAGGING } from './need';

/** What brings events to the function: bus, queues, schedules; and what tells of trouble. */
export const EVENT_NEEDS: NeedsByType = {
  aws_cloudwatch_dashboard: (attributes, { place, text }) => [
    {
      actions: actions('cloudwatch', 'DeleteDashboards GetDashboard PutDashboard'),
      resources: [`arn:${place.partition}:cloudwatch::${place.account}:dashboard/${text(attributes, 'dashboard_name')}`],
    },
  ],
  aws_cloudwatch_event_rule: named('events', `DeleteRule DescribeRule PutRule ${TAGGING}`, (name) => `rule/${name}`),
  aws_cloudwatch_event_target: named('events', 'ListTargetsByRule PutTargets RemoveTargets', (name) => `rule/${name}`, 'rule'),
  aws_cloudwatch_metric_alarm: named(
    'cloudwatch',
    `DeleteAlarms DescribeAlarms PutMetricAlarm ${TAGGING}`,
    (name) => `alarm:${name}`,
    'alarm_name',
  ),
  aws_scheduler_schedule: (attributes, { place, text, block, roles }) => [
    {
      actions: actions('scheduler', 'CreateSchedule DeleteSchedule GetSchedule UpdateSchedule'),
      resources: [regional(place, 'scheduler', `schedule/${text(attributes, 'group_name')}/${text(attributes, 'name')}`)],
    },
    passRole('scheduler.amazonaws.com', roles(text(block(attributes, 'target'), 'role_arn'))),
  ],
  aws_scheduler_schedule_group: named(
    'scheduler',
    `CreateScheduleGroup DeleteScheduleGroup GetScheduleGroup ${TAGGING}`,
    (name) => `schedule-group/${name}`,
  ),
  aws_sqs_queue: named(
    'sqs',
    'CreateQueue DeleteQueue GetQueueAttributes GetQueueUrl ListQueueTags SetQueueAttributes TagQueue UntagQueue',
    (name) => name,
  ),
};
