import { Injectable } from '@nestjs/common';
import { SalesOrderQueries } from '#erp/sales';
import { CompanyQueries } from '#erp/tenants';
import { Money } from '#libs/kernel';
import { html } from '#libs/mail';
import type { EmailContent } from '../emails/send-email.js';

/** Writes the mail that tells a customer that the order is confirmed. */
@Injectable()
export class OrderConfirmation {
  constructor(
    private readonly orders: SalesOrderQueries,
    private readonly companies: CompanyQueries,
  ) {}

  /** Null when the customer has no e-mail address. @throws SalesOrderNotFound */
  async contentFor(orderId: string): Promise<EmailContent | null> {
    const order = await this.orders.get(orderId);
    if (order.customerEmail === null) return null;
    const company = await this.companies.current();
    const total = Money.of(order.totalMinor, order.currency).toString();
    const lines = order.lines.map((line) => ({
      title: `${line.ordered} × ${line.name}`,
      sku: line.sku,
      amount: Money.of(line.amountMinor, order.currency).toString(),
    }));
    return {
      to: { name: order.customerName, address: order.customerEmail },
      fromName: company.legalName,
      replyTo: company.email ?? undefined,
      subject: `Order ${order.number} confirmed`,
      text: textBody(order.customerName, order.number, total, lines, company.legalName),
      html: htmlBody(order.customerName, order.number, total, lines, company.legalName),
    };
  }
}

interface Line {
  readonly title: string;
  readonly sku: string;
  readonly amount: string;
}

function textBody(name: string, number: string, total: string, lines: readonly Line[], seller: string): string {
  return [
    `Dear ${name},`,
    '',
    `thank you for your order. We have confirmed it under number ${number}.`,
    '',
    ...lines.map((line) => `  ${line.title} (${line.sku}): ${line.amount}`),
    '',
    `Total: ${total}`,
    '',
    'You will receive the invoice separately.',
    '',
    seller,
    '',
  ].join('\n');
}

function htmlBody(name: string, number: string, total: string, lines: readonly Line[], seller: string): string {
  const rows = lines.map(
    (line) =>
      html`<tr>
        <td>${line.title}</td>
        <td>${line.sku}</td>
        <td align="right">${line.amount}</td>
      </tr>`,
  );
  return html`<!doctype html>
    <html lang="en">
      <body style="font-family:sans-serif;color:#222">
        <p>Dear ${name},</p>
        <p>thank you for your order. We have confirmed it under number <strong>${number}</strong>.</p>
        <table cellpadding="6" style="border-collapse:collapse">
          ${rows}
          <tr>
            <td colspan="2"><strong>Total</strong></td>
            <td align="right"><strong>${total}</strong></td>
          </tr>
        </table>
        <p>You will receive the invoice separately.</p>
        <p>${seller}</p>
      </body>
    </html>`.toString();
}
