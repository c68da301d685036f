import * as z from 'zod';
import { moment } from '../../../handler/moment';
import { readAs, schema } from './ledger-text';

const deliveryTestItem = z.object({ schema, id: z.string(), at: moment });

/** The last delivery test that arrived. */
export type DeliveryTestItem = Omit<z.output<typeof deliveryTestItem>, 'schema'>;

export const deliveryTestFromItem = (item: unknown): DeliveryTestItem =>
  readAs(deliveryTestItem, { value: item, what: 'of the delivery test' });
