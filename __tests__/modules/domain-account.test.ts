import * as z from 'zod';
import { domainAccountModule } from '../../modules/domain-account/module';

const requirement = z.object({ condition: z.string(), error_message: z.string() });
const resource = z.looseObject({ lifecycle: z.object({ precondition: z.array(requirement) }).optional() });
const module = z
  .object({
    locals: z.record(z.string(), z.string()),
    resource: z.record(z.string(), z.record(z.string(), resource)),
  })
  .parse(JSON.parse(domainAccountModule()));

const part = (address: string) => {
  const [type = '', name = ''] = address.split('.');
  return module.resource[type]?.[name];
};

describe("The domain account's module", () => {
  it.each([
    ['aws_iam_role_policy.role_policy', 'function_policy', 10_240, 'Write organization_id'],
    ['aws_iam_role_policy.operator_policy', 'operator_policy', 10_240, 'Write organization_id'],
    ['aws_iam_role_policy.auditor_policy', 'auditor_policy', 10_240, 'Write organization_id'],
    ['aws_iam_role.operator', 'operator_trust', 2048, 'Name fewer operator_principals'],
    ['aws_iam_role.auditor', 'auditor_trust', 2048, 'Name fewer auditor_principals'],
    ['aws_dynamodb_resource_policy.registry_policy', 'registry_policy', 20_480, 'Name fewer registry_writers'],
    ['aws_dynamodb_resource_policy.ledger_policy', 'ledger_policy', 20_480, 'Name fewer registry_writers'],
    ['aws_sqs_queue.queue', 'queue_policy', 8_192, 'Name fewer registry_writers'],
    ['aws_sqs_queue.dead_letters', 'dead_letters_policy', 8_192, 'Name fewer registry_writers'],
    ['aws_sqs_queue.undelivered', 'undelivered_policy', 8_192, 'Name fewer registry_writers'],
    ['aws_dynamodb_table_item.registry_item', 'registry_document', 409_600, ''],
  ])("has what a caller's lists make too long refused before it is written: %s", (address, local, limit, advice) => {
    const [first] = part(address)?.lifecycle?.precondition ?? [];
    expect(first?.condition).toBe(`\${local.${local}_length <= ${limit}}`);
    expect(first?.error_message).toContain(`would hold \${local.${local}_length}`);
    expect(first?.error_message).toContain(`AWS takes ${limit}`);
    expect(first?.error_message).toContain(advice);
    expect(module.locals[`${local}_length`]).toContain(`local.${local}`);
  });

  it.each([
    ['aws_iam_role_policy.operator_policy', 'policy', 'operator_policy'],
    ['aws_iam_role.operator', 'assume_role_policy', 'operator_trust'],
    ['aws_dynamodb_resource_policy.registry_policy', 'policy', 'registry_policy'],
  ])('writes the text that was measured: %s', (address, attribute, local) => {
    expect(part(address)?.[attribute]).toBe(`\${local.${local}}`);
    expect(module.locals[local]).toMatch(/^\$\{jsonencode\(/);
  });
});
