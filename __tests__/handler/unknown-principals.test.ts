import { BUCKET, FakeWorld } from './fake-world';

const RUNS = 'arn:aws:s3:::acme-raw/runs/';
const role = (name: string) => `arn:aws:iam::333333333333:role/${name}`;
const ROLES = ['one', 'two', 'three'].map(role);

const world = (named: boolean): FakeWorld => {
  const made = new FakeWorld();
  made.namesUnknownPrincipals = named;
  made.targets.set('env1', [made.target('target1', { principals: ROLES })]);
  made.approve('s1', { arn: RUNS });
  return made;
};

const letIn = (made: FakeWorld): readonly unknown[] => [made.statements()[0]?.['Principal'] ?? []].flat();

describe.each([
  ['names it', true],
  ['names none', false],
])('a new principal that S3 does not know, when its refusal %s', (_what, named) => {
  it('leaves the others in', async () => {
    const made = world(named);
    made.unknownPrincipals.add(role('two'));
    await made.deliver(made.created('s1'));
    expect(letIn(made)).toEqual([{ AWS: [role('one'), role('three')].sort() }]);
    expect(made.outcomeOf('s1')).toMatchObject({ kind: 'waiting', code: 'principal-unknown' });
  });

  it('is let in once it exists', async () => {
    const made = world(named);
    made.unknownPrincipals.add(role('two'));
    await made.deliver(made.created('s1'));
    made.unknownPrincipals.clear();
    await made.deliver(made.created('s1'));
    expect(letIn(made)).toEqual([{ AWS: [...ROLES].sort() }]);
    expect(made.outcomeOf('s1')).toEqual({ kind: 'granted' });
  });

  it('never costs access that was there before', async () => {
    const made = world(named);
    await made.deliver(made.created('s1'));
    const before = made.statements();
    made.targets.set('env1', [made.target('target1', { principals: [...ROLES, role('four'), role('five')] })]);
    made.unknownPrincipals.add(role('four'));
    made.unknownPrincipals.add(role('five'));
    await made.deliver(made.created('s1'));
    expect(made.statements()).toEqual(before);
    for (const { args } of made.calls.filter(({ name }) => name === 'writePolicy'))
      for (const known of ROLES) expect(String(args[1])).toContain(known);
  });

  it('leaves no policy when it is the only one', async () => {
    const made = world(named);
    for (const arn of ROLES) made.unknownPrincipals.add(arn);
    await made.deliver(made.created('s1'));
    expect(made.policies.has(BUCKET.name)).toBe(false);
    expect(made.outcomeOf('s1')).toMatchObject({ kind: 'waiting', code: 'principal-unknown' });
  });
});
