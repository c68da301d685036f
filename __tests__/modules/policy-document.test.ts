import { Token } from 'cdktf';
import {
  eachItem,
  encoded,
  expressionOf,
  jsonText,
  listOf,
  objectOf,
  policyDocument,
  ref,
  type Statement,
} from '../../modules/policy-document';

const statement = (Resource: string | readonly string[]): Statement => ({ Effect: 'Allow', Action: 's3:GetBucketPolicy', Resource });

describe('A policy document', () => {
  it('is plain JSON where everything is known', () => {
    const text = policyDocument(
      statement('arn:a'),
      eachItem(['b', 'c'], (item) => statement(`arn:${item}`)),
    );
    expect(JSON.parse(text)).toEqual({ Version: '2012-10-17', Statement: [statement('arn:a'), statement('arn:b'), statement('arn:c')] });
    expect(text).not.toContain('${');
  });

  it('is one jsonencode where a value is a reference', () => {
    expect(policyDocument(statement(ref('var.arn')))).toBe(
      '${jsonencode({"Version":"2012-10-17","Statement":concat([{"Effect":"Allow","Action":"s3:GetBucketPolicy","Resource":"${var.arn}"}])})}',
    );
  });

  it('repeats a statement for the items of a variable', () => {
    const items = { expression: 'var.buckets', item: { arns: listOf('item.arns') } };
    expect(policyDocument(eachItem(items, ({ arns }) => statement(arns)))).toBe(
      '${jsonencode({"Version":"2012-10-17","Statement":concat([for item in var.buckets : {"Effect":"Allow","Action":"s3:GetBucketPolicy","Resource":"${item.arns}"}])})}',
    );
  });

  it("refuses an attribute of a CDKTF resource, whose token's text would be written as it is", () => {
    expect(() => policyDocument(statement(Token.asString({ resolve: () => 'later' })))).toThrow('not attributes of a CDKTF resource');
  });
});

describe('A list expression', () => {
  it('refuses quotes, which would end the template it is written into', () => {
    expect(() => listOf('concat(var.a, ["b"])')).toThrow('takes no quotes');
  });
});

describe('JSON in JSON', () => {
  it('is a string where it is known and a nested jsonencode where it is not', () => {
    const inner = { list: [1, 'two'] };
    const known = jsonText(objectOf({ text: encoded(expressionOf(inner)) }));
    expect(JSON.parse(JSON.parse(known).text)).toEqual(inner);
    expect(jsonText(objectOf({ text: encoded(expressionOf({ name: ref('var.name') })) }))).toBe(
      '${jsonencode({"text":jsonencode({"name":"${var.name}"})})}',
    );
  });
});
