/** Elements that an EDS detector does not see, or not well enough to say that they are absent. */
export const UNSEEN_BY_EDS: readonly string[] = "H He Li Be B C N O F Ne".split(" ");
