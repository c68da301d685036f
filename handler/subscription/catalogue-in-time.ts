import { TransientFailure } from '../errors';
import type { Catalogue } from '../ports';

/**
 * The catalogue for as long as there is time to wait for it. After that its calls fail before they are made, and the little time that
 * is left goes to the ledger: what could not be read is due again, where an invocation that is cut off would give its messages back.
 */
export const catalogueInTime = (catalogue: Catalogue, timeIsUp: () => boolean): Catalogue => {
  const inTime =
    <Given extends readonly unknown[], Answer>(call: (...given: Given) => Promise<Answer>) =>
    async (...given: Given): Promise<Answer> => {
      if (!timeIsUp()) return call(...given);
      throw new TransientFailure('unavailable', "the invocation's time ran out before DataZone was asked; it is asked again");
    };
  return {
    subscription: inTime(catalogue.subscription),
    subscriptions: inTime(catalogue.subscriptions),
    approvedPage: inTime(catalogue.approvedPage),
    provenance: inTime(catalogue.provenance),
    asset: inTime(catalogue.asset),
    listedAsset: inTime(catalogue.listedAsset),
    environments: inTime(catalogue.environments),
    subscriptionTargets: inTime(catalogue.subscriptionTargets),
    hasTarget: inTime(catalogue.hasTarget),
    grant: inTime(catalogue.grant),
    grants: inTime(catalogue.grants),
    createGrant: inTime(catalogue.createGrant),
    reportStatus: inTime(catalogue.reportStatus),
  };
};
