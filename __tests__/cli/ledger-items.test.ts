import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteItemCommand, type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { removeTablePolicy } from '../handler/failures/ledger-table';
import { allowing, dynamoDbAs } from '../local-aws/world';
import { AUDE, BUCKET, CliWorld, OLGA, READER } from './cli-world';

const LOCATION = `arn:aws:s3:::${BUCKET}/public/`;
const SINCE = '2026-01-15T09:30:00.000Z';

describe('stored items', () => {
  let world: CliWorld;
  let table: DynamoDBClient;
  let granted = '';
  let other = '';
  const TableName = 'acme-ledger';
  const put = (partition: string, sort: string, item: Readonly<Record<string, string>> = {}) =>
    table.send(
      new PutItemCommand({
        TableName,
        Item: {
          pk: { S: partition },
          sk: { S: sort },
          schema: { N: '1' },
          ...Object.fromEntries(Object.entries(item).map(([name, S]) => [name, { S }])),
        },
      }),
    );
  const remove = (partition: string, sort: string) =>
    table.send(new DeleteItemCommand({ TableName, Key: { pk: { S: partition }, sk: { S: sort } } }));
  /** Has items in the ledger while something is asked. */
  const withItems = async <Answer>(
    items: readonly (readonly [partition: string, sort: string, item?: Readonly<Record<string, string>>])[],
    ask: () => Promise<Answer>,
  ): Promise<Answer> => {
    for (const [partition, sort, item] of items) await put(partition, sort, item);
    try {
      return await ask();
    } finally {
      for (const [partition, sort] of items) await remove(partition, sort);
    }
  };
  const unreadable = (partition: string, sort: string) => ({ partition, sort, message: expect.stringContaining('delete the item') });

  beforeAll(async () => {
    world = await CliWorld.start();
    world.aws.seed.role({ account: '111111111111', name: 'keeper', policies: [allowing('dynamodb:*')] });
    removeTablePolicy(world.aws, TableName);
    table = dynamoDbAs(world.aws, 'arn:aws:iam::111111111111:role/keeper');
    const listing = await world.publish('public/');
    await world.target(READER);
    granted = await world.subscribe(listing);
    other = await world.subscribe(await world.publish('runs/'));
  });
  afterAll(async () => {
    table.destroy();
    await world.close();
  });

  describe('that cannot be read', () => {
    const strange = `grant#strange#${BUCKET}/x/`;

    it.each([
      [['grants'], 'grants', 2],
      [['grants', '--at', '2999-01-01'], 'grants', 2],
      [['adopt', BUCKET], 'statements', 0],
      [['config', 'check', '--live'], 'consequences', 0],
    ])('are left out of %j with a note, and listed with --json', async (args, member, count) => {
      await withItems([[`bucket#${BUCKET}`, strange, { grant: '{' }]], async () => {
        const { code, stdout, stderr } = await world.cli(AUDE, ...args);
        expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining(`'bucket#${BUCKET}' / '${strange}'`) });
        expect(stdout).not.toBe('');
        const { answer, stderr: aside } = await world.answer(AUDE, ...args);
        expect(answer).toMatchObject({ unreadable: [unreadable(`bucket#${BUCKET}`, strange)], [member]: { length: count } });
        expect(aside).toBe('');
      });
    });

    it('are left out of the history, and the other changes are shown', async () => {
      const sort = 'history#000000000099';
      await withItems([[`bucket#${BUCKET}`, sort, { record: '{}' }]], async () => {
        const { code, answer } = await world.answer(AUDE, 'history', BUCKET);
        expect({ code, answer }).toMatchObject({
          code: 0,
          answer: { changes: { length: 2 }, unreadable: [unreadable(`bucket#${BUCKET}`, sort)] },
        });
      });
    });

    it('keep nothing else from a status, and are noted there', async () => {
      const sort = `grant#${BUCKET}/z/`;
      await withItems([[`subscription#${granted}`, sort, { grant: '[]' }]], async () => {
        const { code, answer } = await world.answer(AUDE, 'status', granted);
        expect({ code, answer }).toMatchObject({
          code: 0,
          answer: { outcome: 'granted', unreadable: [unreadable(`subscription#${granted}`, sort)] },
        });
        expect((await world.cli(AUDE, 'status', granted)).stderr).toContain(`'subscription#${granted}' / '${sort}'`);
      });
    });

    it('and are asked for by id end the command with their keys: 9', async () => {
      await withItems([['subscription#strange', 'state', { record: '{}' }]], async () => {
        const { code, stdout, stderr } = await world.cli(AUDE, 'status', 'strange');
        expect({ code, stdout }).toEqual({ code: 9, stdout: '' });
        expect(stderr).toMatch(/^ledger item 'subscription#strange' \/ 'state' cannot be read by this version\n {2}find out who wrote it/);
      });
    });

    it('are each a problem of doctor, with their keys and the remedy', async () => {
      const items = [
        ['subscription#strange', 'state', { record: '{}' }],
        [`bucket#${BUCKET}`, strange, { grant: '{' }],
        [`bucket#${BUCKET}`, 'history#000000000099', { record: '{}' }],
        ['request#strange', 'request', { request: '{}' }],
        ['failures', 'subscription#strange', { failure: '{}' }],
      ] as const;
      await withItems(items, async () => {
        const { code, answer } = await world.answer(AUDE, 'doctor');
        expect(code).toBe(1);
        expect(answer).toMatchObject({ findings: { length: items.length } });
        for (const [partition, sort] of items)
          expect(answer).toMatchObject({
            findings: expect.arrayContaining([
              expect.objectContaining({
                level: 'problem',
                check: 'ledger items',
                item: { partition, sort },
                remedy: expect.stringContaining(`correct or delete the item '${partition}' / '${sort}'`),
              }),
            ]),
          });
      });
    });

    it('stop an export: without the state of the bucket it is unknown what was written', async () => {
      const Key = { pk: { S: `bucket#${BUCKET}` }, sk: { S: 'head' } };
      const { Item } = await table.send(new GetItemCommand({ TableName, Key }));
      await put(`bucket#${BUCKET}`, 'head', { version: 'none' });
      try {
        const { code, stderr } = await world.cli(AUDE, 'export', BUCKET);
        expect({ code, stderr }).toEqual({ code: 9, stderr: expect.stringContaining(`'bucket#${BUCKET}' / 'head'`) });
        expect((await world.answer(AUDE, 'grants')).answer).toMatchObject({
          grants: { length: 2 },
          unreadable: [unreadable(`bucket#${BUCKET}`, 'head')],
        });
      } finally {
        await table.send(new PutItemCommand({ TableName, Item: Item ?? {} }));
      }
    });
  });

  describe('of work that failed unexpectedly', () => {
    const failure = (outcome: string, more: object = {}) => ({
      failure: JSON.stringify({
        outcome,
        unit: { kind: 'subscription', id: granted, lookup: { subscriptionId: granted } },
        message: 'TypeError: x is not a function',
        since: SINCE,
        at: SINCE,
        attempts: 3,
        dueAt: '2026-01-15T10:30:00.000Z',
        ...more,
      }),
    });

    it('are problems of doctor, and steps of the subscription', async () => {
      await withItems([['failures', `subscription#${granted}`, failure('defect')]], async () => {
        const { answer } = await world.answer(AUDE, 'doctor');
        expect(answer).toMatchObject({
          findings: [
            {
              level: 'problem',
              check: 'ledger items',
              subject: `subscription '${granted}'`,
              finding: expect.stringMatching(
                /defect.* 3 times since 2026-01-15T09:30:00.* next attempt is at 2026-01-15T10:30:00: TypeError: x/,
              ),
              remedy: expect.stringContaining('report the defect with this message'),
              failure: { outcome: 'defect', attempts: 3 },
            },
          ],
        });
        const { stdout } = await world.cli(AUDE, 'status', granted);
        expect(stdout).toMatch(/✗ 2026-01-15T09:30:00 {2}the function failed unexpectedly on subscription '\w+' \(defect, 3 attempts/);
        expect((await world.answer(AUDE, 'status', granted)).answer).toMatchObject({ settled: false, failures: [{ outcome: 'defect' }] });
        expect((await world.cli(AUDE, 'status', other)).stdout).not.toContain('failed unexpectedly');
      });
    });

    it('speak for the unreadable item that they name', async () => {
      const item = { partition: 'subscription#strange', sort: 'state' };
      await withItems(
        [
          ['failures', `subscription#${granted}`, failure('unreadable', { item })],
          [item.partition, item.sort, { record: '{}' }],
        ],
        async () => {
          const { answer } = await world.answer(AUDE, 'doctor');
          expect(answer).toMatchObject({ findings: [{ item, failure: { outcome: 'unreadable' } }] });
          expect(answer).toMatchObject({ findings: { length: 1 } });
        },
      );
    });

    it('show a subscription of which nothing else could be recorded', async () => {
      const unit = { kind: 'subscription', id: 'unborn', lookup: { subscriptionId: 'unborn' } };
      await withItems([['failures', 'subscription#unborn', failure('defect', { unit })]], async () => {
        const { code, answer } = await world.answer(AUDE, 'status', 'unborn');
        expect({ code, answer }).toMatchObject({ code: 0, answer: { outcome: 'defect', settled: false, steps: [{ step: 'failed' }] } });
      });
    });
  });

  describe('of a subscription that an operator ended', () => {
    beforeAll(async () => {
      const sent = await world.cli(OLGA, 'revoke', granted, '--reason', 'contract ended', '--yes', '--no-wait');
      expect(sent.code).toBe(0);
      await world.settle();
    });

    it('are listed only where they are asked for, with who ended it and why', async () => {
      const ended = {
        subscription: granted,
        state: 'revoked',
        principal: READER,
        endedBy: expect.stringMatching(/:local$/),
        endReason: 'contract ended',
      };
      for (const filter of [
        ['--status', 'revoked'],
        ['--subscription', granted],
      ])
        expect((await world.answer(AUDE, 'grants', ...filter)).answer).toMatchObject({ grants: [ended] });
      expect((await world.answer(AUDE, 'grants')).answer).toMatchObject({ grants: [{ subscription: other }] });
      expect((await world.cli(AUDE, 'grants', '--status', 'revoked')).stdout).toMatch(/ended by operator \w+:local: contract ended/);
    });

    it('give a status with its steps in the order of time, the operator, and what DataZone still shows', async () => {
      const { answer } = await world.answer(AUDE, 'status', granted);
      expect(answer).toMatchObject({
        outcome: 'revoked',
        endedBy: { reason: 'contract ended' },
        steps: expect.arrayContaining([
          expect.objectContaining({
            step: 'ended',
            at: expect.any(String),
            text: expect.stringContaining(`${READER} on ${LOCATION}: revoked`),
          }),
          expect.objectContaining({
            step: 'ended',
            at: expect.any(String),
            text: expect.stringMatching(/^revoked for good by operator \w+:local: contract ended .*DataZone's status is still APPROVED/),
          }),
        ]),
      });
      const { steps } = answer as { readonly steps: readonly { readonly step: string; readonly at?: string }[] };
      const times = steps.flatMap(({ at }) => at ?? []);
      expect(times).toEqual([...times].sort());
      expect(steps[0]?.step).toBe('requested');
    });

    it('leave a report and evidence that say who and why', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'ended-'));
      try {
        const [html, evidence] = [join(folder, 'a.html'), join(folder, 'e.jsonl')];
        const sort = 'history#000000000099';
        await withItems([[`bucket#${BUCKET}`, sort, { record: '{}' }]], async () => {
          const made = await world.answer(AUDE, 'report', '--out', html);
          expect(made.answer).toMatchObject({ grants: 2, changes: 3, unreadable: [unreadable(`bucket#${BUCKET}`, sort)] });
        });
        const [, data = ''] = /id="report-data">(.*?)<\/script>/.exec(readFileSync(html, 'utf8')) ?? [];
        expect(JSON.parse(data)).toMatchObject({
          grants: [{ subscription: granted, state: 'revoked', endReason: 'contract ended' }, { subscription: other }],
          changes: [{ causes: [expect.stringMatching(/^operator's request 'revoke' .* by \w+:local: contract ended$/)] }, {}, {}],
          unreadable: [{ sort }],
        });
        const period = ['--bucket', BUCKET, '--from', '2000-01-01', '--to', '2999-01-01'];
        expect((await world.cli(AUDE, 'report', '--evidence', ...period, '--out', evidence)).code).toBe(0);
        const lines = readFileSync(evidence, 'utf8').trimEnd().split('\n');
        const holding = (content: object) => expect.objectContaining({ content: expect.objectContaining(content) });
        expect(lines.map((line) => JSON.parse(line))).toEqual(
          expect.arrayContaining([
            holding({ version: 3, causes: [expect.objectContaining({ reason: 'contract ended' })] }),
            holding({ subscription: granted, endReason: 'contract ended' }),
          ]),
        );
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it('leave a history that says who and why', async () => {
      const { answer } = await world.answer(AUDE, 'history', BUCKET);
      expect(answer).toMatchObject({
        changes: [
          {
            removed: [{ principal: READER, location: LOCATION }],
            session: expect.any(String),
            causes: [
              {
                trigger: 'operator',
                what: 'revoke',
                subscription: granted,
                by: expect.stringMatching(/:local$/),
                reason: 'contract ended',
              },
            ],
          },
          { causes: [{ trigger: 'event', reason: 'go ahead' }] },
          { causes: [{ trigger: 'event', reason: 'go ahead' }] },
        ],
      });
      const { stdout } = await world.cli(AUDE, 'history', BUCKET);
      expect(stdout).toMatch(/cause: operator's request 'revoke' for subscription \w+ by \w+:local: contract ended/);
      expect(stdout).toMatch(/CloudTrail session \S/);
    });
  });
});
