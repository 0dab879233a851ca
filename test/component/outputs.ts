import * as pulumi from "@pulumi/pulumi";

/** The value of an Output; a test that forgot to wait for it would assert nothing. */
export function known<T>(value: pulumi.Input<T> | undefined): Promise<pulumi.Unwrap<T>> {
  // promise() is there at run time and rejects when the Output fails; apply() would wait for ever.
  return (pulumi.output(value) as unknown as { promise(): Promise<pulumi.Unwrap<T>> }).promise();
}

/** Whether a value is an Output that is secret. */
export async function isSecret(value: unknown): Promise<boolean> {
  return pulumi.Output.isInstance(value) && pulumi.isSecret(value);
}
