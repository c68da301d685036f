import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QUOTAS } from '../../modules/quotas';
import { type DeployPolicy, deployPolicies, pipelinePolicy, policiesOf, writeDeployPolicies } from '../../src/build/deploy-policies';
import { parseDeployment } from '../../src/deployment/load';
import { EXAMPLE, ONE_ACCOUNT, PLAIN } from '../stacks/synthesized';

const folder = mkdtempSync(join(tmpdir(), 'deploy-policies-test-'));
const handlerZip = join(folder, 'handler.zip');
writeFileSync(handlerZip, 'a zip');
afterAll(() => rmSync(folder, { recursive: true }));

const deploymentOf = (yaml: string) => parseDeployment(yaml, 'deployment.yaml');
const ofStacks = (yaml: string) => policiesOf(deploymentOf(yaml), handlerZip);
const statementsOf = (policies: readonly DeployPolicy[] = []) => policies.flatMap(({ Statement }) => Statement);
const actionsIn = (statements: ReturnType<typeof statementsOf>) => statements.flatMap(({ Action = [] }) => Action);

const everything = ofStacks(EXAMPLE);
const all = statementsOf(Object.values(everything).flat());

describe('The policies for deploying a stack', () => {
  it('are there for every stack, within what IAM takes', () => {
    expect(Object.keys(everything)).toEqual([
      'domain-account',
      'bucket-account-222222222222',
      'bucket-account-111111111111',
      'consumer-account-333333333333-imaging',
    ]);
    for (const policies of Object.values(everything)) {
      expect(policies.length).toBeLessThanOrEqual(QUOTAS.managedPoliciesPerRole.limit);
      for (const policy of policies) expect(JSON.stringify(policy).length).toBeLessThanOrEqual(QUOTAS.managedPolicy.limit);
    }
  });

  it('allow no pattern of actions, and on every resource only what is narrowed to the Region or the function', () => {
    expect(actionsIn(all).filter((action) => action.includes('*'))).toEqual([]);
    const wide = all.filter(({ Resource }) => [Resource].flat().includes('*'));
    expect(wide.length).toBeGreaterThan(5);
    for (const { Condition = {} } of wide) {
      const keys = Object.values(Condition).flatMap((byKey) => Object.keys(byKey));
      expect([['aws:RequestedRegion'], ['lambda:FunctionArn']]).toContainEqual(keys);
    }
  });

  it('make and change only roles and policies of the deployment, in its path, under its boundary', () => {
    const ofIam = all.filter(({ Action = [] }) => [Action].flat().some((action) => action.startsWith('iam:')));
    const changing = ofIam.filter(({ Action = [] }) => [Action].flat().some((action) => /:(Create|Put|Update|Delete)/.test(action)));
    for (const arn of changing.flatMap(({ Resource = [] }) => Resource))
      expect(arn).toMatch(/^arn:aws:iam::\d{12}:(role|policy)\/datazone\/acme-datazone-/);
    const creating = ofIam.filter(({ Action = [] }) => [Action].flat().includes('iam:CreateRole'));
    expect(creating).toHaveLength(4);
    for (const { Condition } of creating)
      expect(Condition).toEqual({ StringEquals: { 'iam:PermissionsBoundary': expect.stringMatching(/:policy\/DeveloperBoundary$/) } });
    expect(actionsIn(all)).not.toContain('iam:DeleteRolePermissionsBoundary');
  });

  it('attach only the policies that the stack attaches, and hand roles only to the services that are meant', () => {
    const conditionsOf = (action: string) => all.filter(({ Action = [] }) => Action.includes(action)).map(({ Condition }) => Condition);
    expect(conditionsOf('iam:AttachRolePolicy')).toEqual([
      { ArnEquals: { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/AmazonDataZoneFullUserAccess' } },
      { ArnEquals: { 'iam:PolicyARN': 'arn:aws:iam::333333333333:policy/datazone/acme-datazone-imaging-reader' } },
    ]);
    const services = conditionsOf('iam:PassRole').map((condition) => condition?.['StringEquals']?.['iam:PassedToService']);
    expect(services.sort()).toEqual(['datazone', 'lambda', 'sagemaker', 'scheduler'].map((service) => `${service}.amazonaws.com`));
  });

  it('touch no key of the account that has an alias of its own', () => {
    const onKeys = all.filter(({ Resource }) => [Resource].flat().some((arn) => arn?.endsWith(':key/*')));
    expect(onKeys.map(({ Condition }) => Condition)).toEqual([
      { 'ForAllValues:StringEquals': { 'kms:ResourceAliases': ['alias/acme-datazone-fulfillment'] } },
    ]);
  });

  it('use a key that is there by itself, and only through what it is to encrypt', () => {
    const key = 'arn:aws:kms:eu-west-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    const { 'domain-account': policies } = ofStacks(EXAMPLE.replace('key: create', `key: ${key}`));
    const ofKms = statementsOf(policies).filter(({ Action = [] }) => [Action].flat().some((action) => action.startsWith('kms:')));
    expect(ofKms.map(({ Resource, Condition }) => ({ Resource, Condition }))).toEqual(
      ['dynamodb', 'lambda'].map((service) => ({
        Resource: [key],
        Condition: { StringEquals: { 'kms:ViaService': `${service}.eu-west-1.amazonaws.com` } },
      })),
    );
  });

  it('ask for nothing of options that are off', () => {
    const actions = actionsIn(statementsOf(Object.values(ofStacks(PLAIN)).flat()));
    expect(actions.filter((action) => /^(kms|ec2|cloudwatch|cloudformation|datazone|sagemaker|s3):/.test(action))).toEqual([]);
  });

  it('allow what a zip in S3 and code signing ask for', () => {
    const signing = 'arn:aws:lambda:eu-west-1:111111111111:code-signing-config:csc-0a1b2c3d4e5f60718';
    const settings = `handler: { bucket: acme-artifacts, key: f/handler.zip, version: v1 }, codeSigningConfig: "${signing}"`;
    const { 'domain-account': policies } = ofStacks(`${ONE_ACCOUNT}\nfunction: { ${settings} }\n`);
    const allowing = (action: string) => statementsOf(policies).filter(({ Action = [] }) => Action.includes(action));
    expect(allowing('s3:GetObjectVersion').map(({ Resource }) => Resource)).toEqual([['arn:aws:s3:::acme-artifacts/f/handler.zip']]);
    expect(allowing('lambda:GetCodeSigningConfig').map(({ Resource }) => Resource)).toEqual([[signing]]);
  });

  it.each([
    ['a type that nobody knows', { aws_sns_topic: { topic: { name: 'acme' } } }, 'what deploying aws_sns_topic asks of IAM'],
    [
      'an ARN that is not computed',
      { aws_dynamodb_resource_policy: { policy: { resource_arn: '${aws_sqs_queue.queue.arn}' } } },
      '${aws_sqs_queue.queue.arn}',
    ],
  ])('are not made, instead of being too narrow, for %s', (_, resource, named) => {
    const provider = { aws: [{ region: 'eu-west-1', allowed_account_ids: ['111111111111'] }] };
    expect(() => deployPolicies({ provider, resource })).toThrow(named);
  });
});

describe("The pipeline's policy", () => {
  it('takes on the deploy roles and keeps the states of the deployment, with their locks', () => {
    expect(pipelinePolicy(deploymentOf(PLAIN)).Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Resource: ['arn:aws:iam::111111111111:role/DeployBuckets', 'arn:aws:iam::222222222222:role/Deploy'],
      },
      { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::acme-terraform-state' },
      {
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:PutObject'],
        Resource: 'arn:aws:s3:::acme-terraform-state/datazone-s3-fulfillment/acme/*.tfstate',
      },
      {
        Effect: 'Allow',
        Action: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'],
        Resource: 'arn:aws:s3:::acme-terraform-state/datazone-s3-fulfillment/acme/*.tfstate.tflock',
      },
    ]);
  });

  it('is empty where Terraform runs under credentials that are not known, with its state in files', () => {
    expect(pipelinePolicy(deploymentOf(ONE_ACCOUNT)).Statement).toEqual([]);
  });
});

describe('The files', () => {
  it('are those of this deployment alone, numbered where a stack takes several', () => {
    const outDir = join(folder, 'out');
    const write = (yaml: string) => writeDeployPolicies(deploymentOf(yaml), { handlerZip, outDir });
    write(EXAMPLE);
    expect(readdirSync(outDir)).toEqual(expect.arrayContaining(['domain-account-1.json', 'domain-account-2.json', 'pipeline.json']));
    const written = write(PLAIN);
    expect(readdirSync(outDir).sort()).toEqual([
      'bucket-account-111111111111.json',
      'bucket-account-222222222222.json',
      'domain-account.json',
      'pipeline.json',
    ]);
    for (const path of written) expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ Version: '2012-10-17' });
  });
});
