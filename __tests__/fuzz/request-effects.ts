import type { OperatorCommand } from '../../handler/contract/requests';
import { isLive } from '../../handler/core/grant/grant';
import type { RequestRecord } from '../../handler/core/ledger/request-record';
import { BUCKET, type FakeWorld, READER } from '../handler/fake-world';
import { ourStatements, SECOND_READER, SUBSCRIPTIONS, storedGrants } from './request-world';

/** What the names of a bucket's things that are written with its policy begin with. */
const written = (bucket: string): readonly string[] => [`policy ${bucket}`, `head ${bucket}`, `history ${bucket} `, `confirm ${bucket}`];
const marked = (bucket: string): readonly string[] => [`head ${bucket}`, `name ${bucket}`];
const subscriptionsOn = (bucket: string) => Object.keys(SUBSCRIPTIONS).filter((id) => SUBSCRIPTIONS[id] === bucket);

/** What a command may change beside its request: the beginnings of names. */
export const mayChange = (command: OperatorCommand): readonly string[] => {
  switch (command.command) {
    case 'reconcile':
      return command.dryRun
        ? ['reconcile', 'plan ', 'approved ']
        : ['reconcile', 'plan ', 'approved ', 'policy ', 'head ', 'history ', 'confirm ', 'record ', 'grant ', 'report '];
    case 'revoke': {
      const bucket = SUBSCRIPTIONS[command.subscription];
      const { subscription: id } = command;
      return bucket === undefined ? [] : [...written(bucket), `record ${id}`, `grant ${bucket} ${id} `, 'report '];
    }
    case 'revoke-principal':
      return [
        ...written(command.bucket),
        ...subscriptionsOn(command.bucket).flatMap((id) => [`record ${id}`, `grant ${command.bucket} ${id} ${command.principal}`]),
      ];
    case 'freeze':
      return command.bucket === undefined ? ['deployment'] : marked(command.bucket);
    case 'unfreeze':
      return command.bucket === undefined ? ['deployment'] : [...marked(command.bucket), ...written(command.bucket)];
    case 'uninstall':
      return ['deployment', 'reconcile', 'plan ', 'approved ', 'policy ', 'head ', 'history ', 'confirm ', 'record ', 'grant ', 'report '];
  }
};

const entriesOf = (world: FakeWorld, id: string) =>
  storedGrants(world)
    .filter(({ grant }) => grant.subscriptionId === id)
    .flatMap(({ grant }) => grant.principals);
const isIn = (world: FakeWorld, principal: string, id: string): boolean =>
  ourStatements(world, SUBSCRIPTIONS[id] ?? '').some(
    (statement) => JSON.stringify(statement).includes(`"${principal}"`) && JSON.stringify(statement).includes(`/runs/${id}/`),
  );

/** Everyone who is live is in the policy, and nobody else. */
const expectWritten = (world: FakeWorld, bucket: string): void => {
  for (const id of subscriptionsOn(bucket))
    for (const entry of entriesOf(world, id)) expect([id, entry.arn, isIn(world, entry.arn, id)]).toEqual([id, entry.arn, isLive(entry)]);
};

/** Nobody of these has anything by a subscription any more, in ledger and policy. */
const expectGone = (world: FakeWorld, id: string, principals: readonly string[] = [READER, SECOND_READER]): void => {
  for (const principal of principals) {
    expect(entriesOf(world, id).find(({ arn }) => arn === principal)?.state).toBe('revoked');
    expect(isIn(world, principal, id)).toBe(false);
  }
};

/** That what a request names has taken place. `frozen`: additions and repairs were stopped before it. */
export const expectDone = (world: FakeWorld, { request, by, message }: RequestRecord, { frozen }: { frozen: boolean }): void => {
  const { id } = request;
  switch (request.command) {
    case 'reconcile':
      if (request.dryRun) return;
      if ((request.removals ?? world.settings.removalCap) >= 2) expectGone(world, 'ending');
      else expect(isIn(world, READER, 'ending')).toBe(true);
      if (!frozen) expectWritten(world, BUCKET.name);
      return;
    case 'revoke':
      expectGone(world, request.subscription);
      expect(world.records.get(request.subscription)).toMatchObject({
        ended: 'revoked',
        endedBy: { request: id, by, reason: request.reason },
      });
      return;
    case 'revoke-principal':
      for (const each of subscriptionsOn(request.bucket)) expectGone(world, each, [request.principal]);
      return;
    case 'freeze':
      if (request.bucket === undefined) expect(world.documents.get('deployment')).toMatchObject({ frozen: { request: id } });
      else expect(world.heads.get(request.bucket)?.frozen).toBe(true);
      return;
    case 'unfreeze':
      if (request.bucket === undefined) expect(world.documents.get('deployment')).not.toHaveProperty('frozen');
      else expect(world.heads.get(request.bucket)?.frozen).toBeUndefined();
      if (request.bucket === undefined) return;
      expect(message?.includes('nothing is written before they are unfrozen')).toBe(frozen);
      if (!frozen) expectWritten(world, request.bucket);
      return;
    case 'uninstall':
      for (const each of Object.keys(SUBSCRIPTIONS)) expectGone(world, each);
      expect(world.documents.get('deployment')).toMatchObject({ uninstalling: { request: id } });
      return;
    default:
      request satisfies never;
  }
};
