import { unmarshall } from '@aws-sdk/util-dynamodb';
import { BUCKET, DomainStory, IDS, READER } from '../../end-to-end/domain-story';
import { type LedgerTable, openLedgerTable } from '../failures/ledger-table';
import { BUCKET as BUCKET_IN_MEMORY, FakeWorld, PRODUCER, READER as READER_IN_MEMORY } from '../fake-world';
import { Adapters } from './adapters';
import { describeCatalogue } from './catalogue-contract';
import { catalogueInMemory, setDataZone } from './catalogue-stage';
import { describeLedger } from './ledger-contract';
import { describeOperations } from './operations-contract';
import { DELETED, describePolicies } from './policies-contract';

let story: DomainStory;
let adapters: Adapters;
let table: LedgerTable;

beforeAll(async () => {
  story = await DomainStory.start({ pageSize: 2 });
  adapters = new Adapters(story.aws);
  table = openLedgerTable(story.aws);
});

afterAll(async () => {
  table.close();
  adapters.giveBack();
  await story.deployment.close();
});

const registered = { name: BUCKET, account: '222222222222', region: 'eu-west-1', state: 'active' as const, prefixes: [] };

describeLedger('on DynamoDB', () => ({
  ledger: adapters.ledger(),
  changesOf: async (bucket) => {
    const items = (await table.items()).map((item) => unmarshall(item));
    const records = items.filter(({ pk, sk }) => pk === `bucket#${bucket}` && String(sk).startsWith('history#'));
    return records
      .toSorted((one, other) => String(one['sk']).localeCompare(String(other['sk'])))
      .map(({ record }) => JSON.parse(record).session);
  },
}));

const world = new FakeWorld();
describeLedger('in memory', () => ({
  ledger: world.ports.ledger,
  changesOf: async (name) => [...world.history.values()].filter(({ bucket }) => bucket === name).map(({ session }) => session),
}));

describeOperations('on DynamoDB', () => ({
  operations: adapters.operations(),
  linesOf: async (request) => {
    const items = (await table.items()).map((item) => unmarshall(item));
    const parts = items.filter(({ pk, sk }) => pk === `request#${request}` && String(sk).startsWith('plan#'));
    return parts.toSorted((one, other) => String(one['sk']).localeCompare(String(other['sk']))).flatMap(({ lines }) => JSON.parse(lines));
  },
}));

describeOperations('in memory', () => ({
  operations: world.ports.operations,
  linesOf: async (request) => [...world.plans].filter(([key]) => key.startsWith(`${request} `)).flatMap(([, lines]) => lines),
}));

describePolicies('on S3', () => ({
  policies: adapters.policies(),
  bucket: registered,
  owningProject: IDS.producer,
  reader: READER,
  give: (text) => {
    const policy = text === undefined ? {} : { policy: JSON.parse(text) };
    story.aws.seed.bucket({ name: BUCKET, account: registered.account, region: registered.region, ...policy });
  },
}));

describePolicies('in memory', () => {
  const { policies, ports, unknownPrincipals } = new FakeWorld();
  unknownPrincipals.add(DELETED);
  const { name } = BUCKET_IN_MEMORY;
  return {
    policies: ports.policies,
    bucket: BUCKET_IN_MEMORY,
    owningProject: PRODUCER,
    reader: READER_IN_MEMORY,
    give: (text) => (text === undefined ? policies.delete(name) : policies.set(name, text)),
  };
});

describeCatalogue('on DataZone', () => {
  setDataZone(story);
  return adapters.catalogue();
});

describeCatalogue('in memory', catalogueInMemory);

describe.each([
  ['on DynamoDB', () => adapters.registry()],
  ['in memory', () => new FakeWorld().ports.registry],
] as const)('the registry %s', (_name, open) => {
  it('knows the registered buckets by name, with their accounts and prefixes', async () => {
    const { buckets, principalAccounts } = await open().read();
    expect(buckets.get(BUCKET)).toEqual({
      ...registered,
      prefixes: [{ prefix: expect.stringMatching(/\/$/), owningProjects: [IDS.producer] }],
    });
    expect([buckets.get('another'), principalAccounts]).toEqual([undefined, []]);
  });
});
