import { actions, inRegion, type Need, type NeedsByType, passRole, regional, TAGGING, useOfKey } from './need';
import type { Attributes, StackView } from './stack-view';

const FUNCTION_ACTIONS =
  'CreateFunction DeleteFunction GetFunction GetFunctionCodeSigningConfig GetFunctionConfiguration ListTags ListVersionsByFunction PutFunctionCodeSigningConfig TagResource UntagResource UpdateFunctionCode UpdateFunctionConfiguration';

/** What the function's options ask for besides. */
const optionsOf = (attributes: Attributes, { place, text }: StackView): readonly Need[] => {
  const codeSigning = text(attributes, 'code_signing_config_arn');
  const bucket = text(attributes, 's3_bucket');
  return [
    // EC2 knows no resource for what is described.
    ...(attributes['vpc_config'] === undefined
      ? []
      : [inRegion(place, actions('ec2', 'DescribeSecurityGroups DescribeSubnets DescribeVpcs'))]),
    ...(codeSigning === ''
      ? []
      : [{ actions: actions('lambda', 'GetCodeSigningConfig PutFunctionCodeSigningConfig'), resources: [codeSigning] }]),
    ...(bucket === ''
      ? []
      : [
          {
            actions: actions('s3', 'GetObject GetObjectVersion'),
            resources: [`arn:${place.partition}:s3:::${bucket}/${text(attributes, 's3_key')}`],
          },
        ]),
  ];
};

/** The function, what feeds it, and its log. */
export const FUNCTION_NEEDS: NeedsByType = {
  aws_cloudwatch_log_group: (attributes, { place, text }) => {
    const group = regional(place, 'logs', `log-group:${text(attributes, 'name')}`);
    const names = `AssociateKmsKey CreateLogGroup DeleteLogGroup DeleteRetentionPolicy DisassociateKmsKey PutRetentionPolicy ${TAGGING}`;
    return [
      { actions: actions('logs', names), resources: [group, `${group}:*`] },
      // Groups are looked for among all of the Region's.
      { actions: ['logs:DescribeLogGroups'], resources: [regional(place, 'logs', 'log-group:*')] },
    ];
  },
  aws_lambda_event_source_mapping: (attributes, view) => {
    // A mapping's id is Lambda's own, and one that is not there yet has none: what counts is whose it is.
    const mappings = regional(view.place, 'lambda', 'event-source-mapping:*');
    const ofFunction = { ArnEquals: { 'lambda:FunctionArn': view.text(attributes, 'function_name') } };
    return [
      { actions: ['lambda:CreateEventSourceMapping'], resources: ['*'], condition: ofFunction },
      { actions: actions('lambda', 'DeleteEventSourceMapping UpdateEventSourceMapping'), resources: [mappings], condition: ofFunction },
      { actions: actions('lambda', 'GetEventSourceMapping ListTags TagResource UntagResource'), resources: [mappings] },
    ];
  },
  aws_lambda_function: (attributes, view) => [
    {
      actions: actions('lambda', FUNCTION_ACTIONS),
      resources: [regional(view.place, 'lambda', `function:${view.text(attributes, 'function_name')}`)],
    },
    passRole('lambda.amazonaws.com', view.roles(view.text(attributes, 'role'))),
    ...useOfKey('lambda', view.text(attributes, 'kms_key_arn'), view),
    ...optionsOf(attributes, view),
  ],
};
