import { type Decision, decide } from '../../../handler/core/subscription/decision';
import { asset, BUCKET, FORM, PRODUCER, record, registry, resolved, role, rules, target } from './builders';

const RUNS = `arn:aws:s3:::${BUCKET}/runs/`;

const refusals = (decision: Decision): readonly string[] =>
  decision.kind === 'grant' ? decision.assets.flatMap((one) => ('refusal' in one ? [one.refusal.message] : [])) : [];

describe('a decision says what happened, of what, and what to do:', () => {
  test('an event that DataZone does not agree with', () => {
    expect(decide(resolved({ saidToHaveEnded: true }), rules())).toMatchObject({
      waiting: { message: "an event says that subscription 's1' ended and DataZone still shows it approved; it is looked at again" },
    });
  });

  test('an asset that came after the approval', () => {
    const decision = decide(resolved({ assets: [asset(RUNS), asset(`${RUNS}b/`, { id: 'asset2' })], record: record() }), rules());
    expect(refusals(decision)).toEqual([
      "asset 'asset2' came into the data product after its approval; unsubscribe and subscribe again to have it approved",
    ]);
  });

  test('a place that can no longer be read', () => {
    const unreadable = { assetId: 'asset1', owningProject: PRODUCER, forms: [] };
    expect(refusals(decide(resolved({ assets: [unreadable], record: record() }), rules()))).toEqual([
      `asset 'asset1' was approved at '${RUNS}' and is now at no place that could be read; the grant stays where it was approved: subscribe again to have the new place approved`,
    ]);
  });

  test('a subscription that exceeds a limit', () => {
    const assets = Array.from({ length: 101 }, (_, index) => asset(RUNS, { id: `asset${index}` }));
    const targets = Array.from({ length: 101 }, (_, index) => target(`t${index}`, []));
    expect(decide(resolved({ assets }), rules())).toMatchObject({
      refusal: {
        message: "subscription 's1' holds more S3 assets than are granted by one: at most 100; publish smaller data products",
      },
      assets: [],
    });
    expect(decide(resolved({ targets }), rules())).toMatchObject({
      refusal: {
        message:
          "the consumer of subscription 's1' has 101 subscription targets of this deployment, and at most 100 are read; remove targets",
      },
      assets: [],
    });
  });

  test('a principal whose environment names no account', () => {
    const decision = decide(resolved({ targets: [target('t', [role('reader')], { account: undefined })] }), rules());
    expect(decision).toMatchObject({ principals: [{ refusal: { message: expect.stringContaining('to none that is known;') } }] });
    const listed = decide(
      resolved({ targets: [target('t', [role('reader')], { account: undefined })] }),
      rules({ registry: registry(undefined, ['444444444444']) }),
    );
    expect(listed).toMatchObject({ principals: [{ refusal: { message: expect.stringContaining('environment to 444444444444;') } }] });
  });
});

test('the form of the given name says the place, whatever other forms say', () => {
  const form = (name: string, bucketArn: string) => ({ name, content: JSON.stringify({ bucketArn }) });
  const forms = [form('Other', `${RUNS}other/`), form(FORM, RUNS)];
  const decision = decide(resolved({ assets: [{ assetId: 'asset1', owningProject: PRODUCER, forms }] }), rules());
  expect(decision).toMatchObject({ assets: [{ published: { arn: RUNS }, location: { path: 'runs/' } }] });
});

test('an IAM principal that subscribed itself is named by no target', () => {
  const arn = role('analyst');
  const decision = decide(resolved({ subscription: { subscriber: { kind: 'iam', arn } }, targets: [] }), {
    ...rules(),
    registry: registry(undefined, ['333333333333']),
  });
  expect(decision).toMatchObject({ principals: [{ arn, targets: [] }], readTargets: [] });
});

test('a target with more principals than are kept is no evidence that it stopped naming any', () => {
  const targets = [target('whole', [role('reader')]), target('cut', [role('reader')], { authorizedPrincipalsOmitted: 1 })];
  expect(decide(resolved({ targets }), rules())).toMatchObject({ readTargets: ['env1/whole'] });
});
