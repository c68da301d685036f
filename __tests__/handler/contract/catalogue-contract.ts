import { ASSET_FORM, ASSET_TYPE } from '../../../handler/contract/datazone';
import { bucketArnIn } from '../../../handler/core/subscription/asset-forms';
import type { SubscribedAsset } from '../../../handler/core/subscription/subscription';
import type { Catalogue } from '../../../handler/ports';
import { IDS, READER } from '../../end-to-end/domain-story';
import { APPROVED, GRANTS, OUR_PROVIDER, PLACES, shown } from './catalogue-stage';

const ids = (things: readonly { readonly id: string }[] | undefined) => things?.map(({ id }) => id).toSorted();
const placeOf = (asset: SubscribedAsset | undefined) => bucketArnIn(asset?.forms ?? [], { formName: ASSET_FORM, listing: 'l' });

/** What every catalogue must show of the stage. */
export const describeCatalogue = (name: string, open: () => Catalogue): void => {
  describe(`the catalogue ${name}`, () => {
    let catalogue: Catalogue;
    beforeEach(() => {
      catalogue = open();
    });

    it('shows a subscription, and that there is none', async () => {
      expect(await catalogue.subscription('sub1')).toEqual(shown('sub1'));
      expect(await catalogue.subscription('revoked')).toEqual(shown('revoked', { status: 'REVOKED', retainPermissions: true }));
      expect(await catalogue.subscription('nothing')).toBeUndefined();
    });

    it('lists all subscriptions of a status, by request, by listing and by project', async () => {
      const { subscriptions: all } = await catalogue.subscriptions({ status: 'APPROVED', listingId: IDS.listing });
      expect(ids(all)).toEqual(['other', ...APPROVED]);
      expect(all.find(({ id }) => id === 'sub3')).toEqual(shown('sub3'));
      expect(ids((await catalogue.subscriptions({ status: 'APPROVED', requestId: IDS.request })).subscriptions)).toEqual(APPROVED);
      const revoked = await catalogue.subscriptions({ status: 'REVOKED', listingId: IDS.listing, projectId: IDS.consumer });
      expect(ids(revoked.subscriptions)).toEqual(['revoked']);
      const none = { subscriptions: [], skipped: [] };
      expect(await catalogue.subscriptions({ status: 'CANCELLED', listingId: IDS.listing })).toEqual(none);
      expect(await catalogue.subscriptions({ status: 'APPROVED', listingId: IDS.listing, projectId: IDS.producer })).toEqual(none);
    });

    it('shows all approved subscriptions, page by page', async () => {
      const seen: string[] = [];
      let token: string | undefined;
      do {
        const page = await catalogue.approvedPage(token);
        seen.push(...page.subscriptions.map(({ id }) => id));
        expect(page.subscriptions.every(({ status }) => status === 'APPROVED')).toBe(true);
        token = page.next;
      } while (token !== undefined);
      expect(seen.toSorted()).toEqual(['other', ...APPROVED]);
    });

    it('knows which subscription targets are there', async () => {
      const [target] = (await catalogue.subscriptionTargets('env1')) ?? [];
      expect(await catalogue.hasTarget({ environmentId: 'env1', targetId: target?.id ?? '' })).toBe(true);
      expect(await catalogue.hasTarget({ environmentId: 'env1', targetId: 'nothing' })).toBe(false);
      expect(await catalogue.hasTarget({ environmentId: 'nothing', targetId: target?.id ?? '' })).toBe(false);
    });

    it('tells who asked, who approved and why', async () => {
      const provenance = { requestedBy: 'alice', requestReason: 'a model', reviewedBy: 'bob', decisionComment: 'fine' };
      expect(await catalogue.provenance(IDS.request)).toEqual(provenance);
      expect(await catalogue.provenance('nothing')).toBeUndefined();
    });

    it.each([1, 2])('shows asset and listing as they were at revision %d, not as they are', async (revision) => {
      const asset = await catalogue.asset({ id: IDS.asset, revision: String(revision) });
      const listed = await catalogue.listedAsset({ id: IDS.listing, revision: String(revision) });
      for (const seen of [asset, listed]) expect(seen).toMatchObject({ assetId: IDS.asset, owningProject: IDS.producer });
      expect([placeOf(asset), placeOf(listed)]).toEqual([PLACES[revision - 1], PLACES[revision - 1]]);
    });

    it('shows neither asset nor listing that is not there, nor at a revision that is not', async () => {
      for (const missing of [
        { id: 'nothing', revision: '1' },
        { id: IDS.asset, revision: '9' },
      ])
        expect(await catalogue.asset(missing)).toBeUndefined();
      for (const missing of [
        { id: 'nothing', revision: '1' },
        { id: IDS.listing, revision: '9' },
      ])
        expect(await catalogue.listedAsset(missing)).toBeUndefined();
    });

    it('lists all environments of a project, whatever their status', async () => {
      const environments = await catalogue.environments(IDS.consumer);
      expect(ids(environments)).toEqual(['env1', 'env2', 'env3']);
      expect(environments.map(({ account }) => account)).toEqual(Array(3).fill('111111111111'));
    });

    it('lists all targets of an environment, and knows one without from one that is gone', async () => {
      const targets = await catalogue.subscriptionTargets('env1');
      expect(ids(targets)).toEqual(['target1', 'target2', 'target3']);
      expect(targets?.find(({ id }) => id === 'target2')).toEqual({
        id: 'target2',
        environmentId: 'env1',
        provider: OUR_PROVIDER,
        assetTypes: [ASSET_TYPE],
        authorizedPrincipals: [READER],
        authorizedPrincipalsOmitted: 0,
      });
      expect(await catalogue.subscriptionTargets('env3')).toEqual([]);
      expect(await catalogue.subscriptionTargets('nothing')).toBeUndefined();
    });

    it("shows grants, and lists an environment's of a listing", async () => {
      expect(await catalogue.grant('grant1')).toEqual({
        id: 'grant1',
        environmentId: 'env1',
        targetId: 'target1',
        listingId: IDS.listing,
        assets: [{ assetId: IDS.asset, status: 'GRANT_PENDING' }],
      });
      expect(await catalogue.grant('nothing')).toBeUndefined();
      expect(ids(await catalogue.grants({ listingId: IDS.listing, environmentId: 'env1' }))).toEqual(GRANTS);
      expect(ids(await catalogue.grants({ listingId: IDS.listing, environmentId: 'env2' }))).toEqual(['grant4']);
      expect(await catalogue.grants({ listingId: 'nothing', environmentId: 'env1' })).toEqual([]);
    });

    it('takes a status, and shows it', async () => {
      await catalogue.reportStatus({ grantId: 'grant2', assetId: IDS.asset, status: 'GRANT_FAILED', message: 'no room' });
      expect((await catalogue.grant('grant2'))?.assets).toEqual([{ assetId: IDS.asset, status: 'GRANT_FAILED' }]);
      expect((await catalogue.grant('grant1'))?.assets).toEqual([{ assetId: IDS.asset, status: 'GRANT_PENDING' }]);
    });
  });
};
