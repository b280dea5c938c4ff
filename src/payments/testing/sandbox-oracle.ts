import type { SandboxProcess } from './sandbox-process.js';

/** The oracle: at most one charge for each payment, one refund for each refund, and never more back than was taken. */
export function faultsOfLog(log: Awaited<ReturnType<SandboxProcess['log']>>): string[] {
  const charges = log.filter(({ operation }) => operation === 'charge.created');
  const refunds = log.filter(({ operation }) => operation === 'refund.created');
  const captured = new Map(log.flatMap(({ charge }) => (charge ? [[charge.id, charge.amountCaptured]] : [])));
  const repeated = (kind: string, references: (string | undefined)[]) =>
    references.filter((one, index) => references.indexOf(one) !== index).map((one) => `two ${kind} for ${one}`);
  const refunded = Map.groupBy(refunds, ({ refund }) => refund?.charge);
  return [
    ...repeated(
      'charges',
      charges.map(({ charge }) => charge?.reference),
    ),
    ...repeated(
      'refunds',
      refunds.map(({ refund }) => refund?.reference),
    ),
    ...[...refunded].flatMap(([charge, items]) => {
      const sum = items.reduce((total, { refund }) => total + (refund?.amount ?? 0), 0);
      return sum > (captured.get(charge ?? '') ?? 0) ? [`${sum} given back of ${charge}`] : [];
    }),
  ];
}
