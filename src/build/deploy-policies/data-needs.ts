import { actions, inRegion, type NeedsByType, named, regional, useOfKey } from './need';

const TABLE = 'table/';

/** Tables, and the key that encrypts them and everything else. */
export const DATA_NEEDS: NeedsByType = {
  aws_dynamodb_resource_policy: (attributes, { text }) => [
    {
      actions: actions('dynamodb', 'DeleteResourcePolicy GetResourcePolicy PutResourcePolicy'),
      resources: [text(attributes, 'resource_arn')],
    },
  ],
  aws_dynamodb_table: (attributes, view) => [
    ...named(
      'dynamodb',
      'CreateTable DeleteTable DescribeContinuousBackups DescribeTable DescribeTimeToLive ListTagsOfResource TagResource UntagResource UpdateContinuousBackups UpdateTable',
      (name) => `${TABLE}${name}`,
    )(attributes, view),
    ...useOfKey('dynamodb', view.text(view.block(attributes, 'server_side_encryption'), 'kms_key_arn'), view),
  ],
  aws_dynamodb_table_item: named('dynamodb', 'DeleteItem GetItem PutItem UpdateItem', (name) => `${TABLE}${name}`, 'table_name'),
  aws_kms_alias: (attributes, { place, text }) => [
    { actions: actions('kms', 'CreateAlias DeleteAlias UpdateAlias'), resources: [regional(place, 'kms', text(attributes, 'name'))] },
    // KMS knows no resource for a list of aliases.
    inRegion(place, ['kms:ListAliases']),
  ],
  aws_kms_key: (_, { place, text, resources }) => {
    const aliases = resources.flatMap(([type, all]) => (type === 'aws_kms_alias' ? all.map((alias) => text(alias, 'name')) : []));
    return [
      // A key that is not there yet has no ARN, and its id is KMS's own.
      inRegion(place, ['kms:CreateKey']),
      {
        actions: actions(
          'kms',
          'CreateAlias CreateGrant Decrypt DeleteAlias DescribeKey EnableKeyRotation Encrypt GenerateDataKey GetKeyPolicy GetKeyRotationStatus ListResourceTags PutKeyPolicy ScheduleKeyDeletion TagResource UntagResource UpdateAlias UpdateKeyDescription',
        ),
        resources: [regional(place, 'kms', 'key/*')],
        // Keys that have our alias, and those that have none: ours before it gets it, and after it lost it. No other key of the account.
        condition: { 'ForAllValues:StringEquals': { 'kms:ResourceAliases': aliases } },
      },
    ];
  },
};
