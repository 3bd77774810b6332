/** This path is text in a resource's input: a stack of an installed package would see an update if it were another one. */
import { runPackageGuard } from "./packageGuard";

runPackageGuard();
