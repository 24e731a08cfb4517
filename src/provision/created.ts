// What earlier calls of a run created, and later ones need.

/** Ids given by Dataverse to what was created earlier in the same run. */
export interface Created {
  publisherId?: string;
  solutionId?: string;
  userId?: string;
}
