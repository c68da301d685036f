import type { Handler } from './eventing/delivery';
import { type LocalAws, type LocalAwsOptions, startLocalAws } from './local-aws';

/** A deployment as it runs on the double: its synthesized stacks loaded, its bundled function cold-started, its domain seeded. */
export type LocalDeployment = {
  readonly aws: LocalAws;
  readonly handler: Handler;
  readonly domainId: string;
  readonly region: string;
  /** Stops the double and removes what was made for it. */
  readonly close: () => Promise<void>;
};

/** What a synthesis left: the domain it is for, and the JSON of each stack. */
export type SynthesizedStacks = {
  readonly domain: { readonly id: string; readonly account: string; readonly region: string; readonly version: 'v1' | 'v2' };
  readonly stacks: readonly unknown[];
};

/** Runs synthesized stacks on the double. `functionFile` is the bundled function. */
export const runStacks = async (
  { domain, stacks }: SynthesizedStacks,
  { functionFile, ...options }: { readonly functionFile: string } & LocalAwsOptions,
): Promise<LocalDeployment> => {
  const aws = await startLocalAws(options);
  aws.seed.domain({ id: domain.id, account: domain.account, region: domain.region, version: domain.version === 'v2' ? 'V2' : 'V1' });
  for (const stack of stacks) await aws.loadStack(stack);
  const handler = await aws.startFunction(functionFile);
  return { aws, handler, domainId: domain.id, region: domain.region, close: () => aws.close() };
};
