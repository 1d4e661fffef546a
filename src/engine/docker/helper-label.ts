/** On every helper container; its value tells whose it is, so that two Longshores on one engine leave each other alone. */
export const helperLabel = "com.longshore.helper";
