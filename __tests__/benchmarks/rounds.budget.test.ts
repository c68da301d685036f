import { BUDGETS } from '../../benchmarks/budgets';
import { EventStage } from '../../benchmarks/event/event-stage';
import { roundOfWrite } from '../../benchmarks/event/lock-step';

const bundle = process.env['TEST_BUNDLE'] ?? '';

test.each([1, 3, 10])('one Created event gives access within its rounds, with %i environments', async (environments) => {
  const events = await EventStage.open({ environments, bundle });
  try {
    const { cold, warm } = await events.rounds();
    expect(roundOfWrite(cold)).toBeGreaterThan(0);
    expect(roundOfWrite(cold)).toBeLessThanOrEqual(BUDGETS.rounds.cold);
    expect(roundOfWrite(warm)).toBeGreaterThan(0);
    expect(roundOfWrite(warm)).toBeLessThanOrEqual(BUDGETS.rounds.warm);
    for (const calls of [cold, warm]) expect(calls.filter(({ operation }) => operation === 'PutBucketPolicy')).toHaveLength(1);
    // What grows with the environments is their targets, read side by side, and the reports after the write.
    const operations = (calls: typeof cold) => new Set(calls.map(({ operation }) => operation));
    expect(operations(warm)).not.toContain('AssumeRole');
    expect(cold.filter(({ operation }) => operation === 'ListSubscriptionTargets')).toHaveLength(environments);
    expect(cold.length).toBeLessThanOrEqual(21 + 3 * environments);
  } finally {
    await events.stage.close();
  }
});
