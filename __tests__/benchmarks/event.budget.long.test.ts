import { BUDGETS } from '../../benchmarks/budgets';
import { roundOfWrite } from '../../benchmarks/event/count-rounds';
import { EventFixture } from '../../benchmarks/event/event-fixture';

const bundle = process.env['TEST_BUNDLE'] ?? '';

test.each([1, 3, 10])('one Created event stays within its rounds and calls, with %i environments', async (environments) => {
  const fixture = await EventFixture.open({ environments, bundle });
  try {
    const { cold, warm } = await fixture.rounds();
    const { rounds, calls: budget } = BUDGETS.event;
    expect(roundOfWrite(cold)).toBeGreaterThan(0);
    expect(roundOfWrite(cold)).toBeLessThanOrEqual(rounds.cold);
    expect(roundOfWrite(warm)).toBeGreaterThan(0);
    expect(roundOfWrite(warm)).toBeLessThanOrEqual(rounds.warm);
    for (const calls of [cold, warm]) expect(calls.filter(({ operation }) => operation === 'PutBucketPolicy')).toHaveLength(1);
    expect(warm.map(({ operation }) => operation)).not.toContain('AssumeRole');
    // Only the reads of the targets, and the grants that are read and reported after the write, grow with the environments.
    expect(cold.filter(({ operation }) => operation === 'ListSubscriptionTargets')).toHaveLength(environments);
    expect(cold.length).toBeLessThanOrEqual(budget.fixed + budget.environment * environments);
    expect(warm.length).toBeLessThan(cold.length);
  } finally {
    await fixture.domain.close();
  }
});
