import type { OperatorRequest } from './contract/requests';

/** How far an operator's request is. `running`: a reconcile works on it, slice by slice. */
export type RequestState = 'accepted' | 'running' | 'done' | 'refused';

/** An operator's request and what became of it. */
export type RequestRecord = {
  readonly revision: number;
  readonly request: OperatorRequest;
  /** The sender as SQS states it: the operator role's unique id and the session's name. */
  readonly by: string;
  readonly state: RequestState;
  /** What was done, or why not. */
  readonly message?: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly finishedAt?: string;
  /** Of a reconcile: its counts. */
  readonly result?: Readonly<Record<string, number>>;
};
