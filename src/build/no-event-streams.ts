/**
 * Takes the place of the SDK's event streams in the bundle: no call of the function has one, and every start would read their code.
 * Whoever calls for one learns it here.
 */
const none = (): never => {
  throw new Error('the function was bundled without event streams; take them in again in bundle-handler.ts');
};

export const resolveEventStreamSerdeConfig = <Config>(config: Config): Config => config;
export const eventStreamSerdeProvider = none;

export class EventStreamSerde {
  constructor() {
    none();
  }
}
