/** The result of a request; `running`: a reconcile continues it, and records the result when it ends. */
export type RequestResult = { readonly state: 'done' | 'refused' | 'running'; readonly message?: string };
