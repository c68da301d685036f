/**
 * Takes the place of the database on disk that dynalite can use, and the double does not: it is native code, which no bundle holds.
 * Whoever asks for it learns it here.
 */
export class Level {
  constructor() {
    throw new Error('the local DynamoDB keeps its tables in memory alone; start it without a path');
  }
}
