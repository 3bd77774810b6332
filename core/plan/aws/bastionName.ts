/** The bastion's name in the bucket and in outputs; hosts' names end in a number or in -host. */
export const BASTION = "bastion";
