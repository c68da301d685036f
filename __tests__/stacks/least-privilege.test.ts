import * as s3 from '@aws-sdk/client-s3';
import { handlerActions } from './handler-actions';
import { type Configuration, EXAMPLE, ONE_ACCOUNT, resourceOf, resourcesOf, stackOf, statementsOf, synthesized } from './synthesized';

const one = synthesized(ONE_ACCOUNT);
const domain = stackOf(one, 'domain-account');
const buckets = stackOf(one, 'bucket-account-111111111111');

const allowedIn = (stack: Configuration, address: string) =>
  statementsOf(resourceOf(stack, address)['policy']).filter(({ Effect }) => Effect === 'Allow');
const actionsOf = (statements: ReturnType<typeof allowedIn>) => statements.flatMap(({ Action = [] }) => Action);

/** Granted to the function's role though no adapter imports a command of that name. */
const WITHOUT_COMMAND: Readonly<Record<string, string>> = {
  'sqs:ReceiveMessage': 'Lambda polls the queue with the role of the function',
  'sqs:DeleteMessage': 'as above, for what was acknowledged',
  'logs:CreateLogStream': 'Lambda writes what the function prints, with its role',
  'logs:PutLogEvents': 'as above',
  'sts:TagSession': 'asked for by an AssumeRole that passes a tag',
};

/** Wanted only where the deployment says so. */
const MAKES_GRANTS = 'datazone:CreateSubscriptionGrant';

describe("The handler's actions", () => {
  const ofEditor = handlerActions().filter((action) => action.startsWith('s3:'));

  it('are found in its adapters', () => {
    expect(handlerActions()).toEqual(
      expect.arrayContaining(['datazone:ListSubscriptions', 'dynamodb:Query', 's3:PutBucketPolicy', 'sts:AssumeRole']),
    );
  });

  it("are all granted to the function's role but those on buckets, and none besides", () => {
    const granted = actionsOf(allowedIn(domain, 'aws_iam_role_policy.role_policy'));
    const needed = handlerActions().filter((action) => !ofEditor.includes(action) && action !== MAKES_GRANTS);
    expect([...new Set(granted)].sort()).toEqual([...needed, ...Object.keys(WITHOUT_COMMAND)].sort());
  });

  it('to make grants in DataZone is granted only where missing grants are to be made', () => {
    expect(handlerActions()).toContain(MAKES_GRANTS);
    const making = stackOf(synthesized(`${ONE_ACCOUNT}\nmissingGrants: create\n`), 'domain-account');
    const statements = allowedIn(making, 'aws_iam_role_policy.role_policy').filter(({ Action }) => [Action].flat().includes(MAKES_GRANTS));
    expect(statements).toEqual([
      expect.objectContaining({
        Condition: {
          StringEquals: { 'aws:ResourceAccount': '111111111111' },
          ArnEquals: { 'lambda:SourceFunctionArn': expect.stringMatching(/:function:\S+-fulfillment$/) },
        },
      }),
    ]);
  });

  it('on buckets are all that the editor role can ever do', () => {
    const [policiesOnly] = statementsOf(resourceOf(buckets, 'aws_iam_role_policy.editor_policy')['policy']);
    expect(policiesOnly).toMatchObject({ Effect: 'Deny', Resource: '*' });
    expect([...(policiesOnly?.NotAction ?? [])].sort()).toEqual(ofEditor);
  });

  it("on buckets are exactly what the editor role's pattern matches among all commands of S3", () => {
    expect(actionsOf(allowedIn(buckets, 'aws_iam_role_policy.editor_policy'))).toEqual(['s3:*BucketPolicy']);
    const matching = Object.keys(s3).flatMap((name) => (/BucketPolicyCommand$/.test(name) ? [`s3:${name.replace(/Command$/, '')}`] : []));
    expect(matching.sort()).toEqual(ofEditor);
  });
});

/** Statements that allow something on every resource: the actions have no resource type in the service authorization reference. */
const ON_EVERY_RESOURCE: Readonly<Record<string, { readonly condition: string; readonly why: string }>> = {
  DataZone: { condition: 'aws:ResourceAccount', why: 'list_amazondatazone: no resource types for these actions' },
  MissingGrants: { condition: 'aws:ResourceAccount', why: 'as above' },
  Metrics: { condition: 'aws:RequestedRegion', why: 'list_amazoncloudwatch: reading metrics has no resource type' },
  Mappings: { condition: 'aws:RequestedRegion', why: 'list_awslambda: ListEventSourceMappings has no resource type' },
  Traces: { condition: 'aws:RequestedRegion', why: 'list_awsx-ray: PutTraceSegments has no resource type' },
  Networks: { condition: 'aws:RequestedRegion', why: 'list_amazonec2: Describe* has no resource type' },
};

const EVERY_OPTION = EXAMPLE.replace('missingGrants: leave', 'missingGrants: create');

const everything = Object.entries({ ...one, ...synthesized(EVERY_OPTION) }).flatMap(([name, stack]) =>
  resourcesOf(stack).flatMap(([address, resource]) =>
    'policy' in resource && !address.startsWith('aws_kms_key.')
      ? statementsOf(resource['policy']).map((statement) => ({ where: `${name} ${address}`, statement }))
      : [],
  ),
);

describe('No policy, with every option on,', () => {
  it('allows anything on every resource, unless there is no other way, and then narrowed by a condition', () => {
    const wide = everything.filter(({ statement }) => statement.Effect === 'Allow' && [statement.Resource].flat().includes('*'));
    expect(new Set(wide.map(({ statement }) => statement.Sid))).toEqual(new Set(Object.keys(ON_EVERY_RESOURCE)));
    for (const { statement } of wide) {
      const { condition } = ON_EVERY_RESOURCE[statement.Sid ?? ''] ?? {};
      const keys = Object.values(statement.Condition ?? {}).flatMap(Object.keys);
      expect(keys.filter((key) => key !== 'lambda:SourceFunctionArn')).toEqual([condition]);
    }
  });

  it('allows a pattern of actions, but the one that is proved above', () => {
    const patterns = everything.flatMap(({ statement }) =>
      statement.Effect === 'Allow' ? [statement.Action ?? []].flat().filter((action) => action.includes('*')) : [],
    );
    expect(new Set(patterns)).toEqual(new Set(['s3:*BucketPolicy']));
  });

  it('allows everything but something', () => {
    expect(everything.filter(({ statement }) => statement.Effect === 'Allow' && statement.NotAction)).toEqual([]);
  });

  it('lets anything in our name be changed in IAM, or any role be passed on', () => {
    const actions = everything.flatMap(({ statement }) => (statement.Effect === 'Allow' ? [statement.Action ?? []].flat() : []));
    expect(actions.filter((action) => action.startsWith('iam:'))).toEqual([]);
  });
});
