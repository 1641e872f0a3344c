package dev.wisp.billing.export;

import java.util.List;

/** The columns of each dataset of FOCUS 1.4 that Wisp has something to say in, in order. */
final class FocusColumns {

    static final List<String> COST_AND_USAGE = List.of(
            "BilledCost",
            "BillingAccountId",
            "BillingAccountName",
            "BillingCurrency",
            "BillingPeriodEnd",
            "BillingPeriodStart",
            "ChargeCategory",
            "ChargeClass",
            "ChargeDescription",
            "ChargeFrequency",
            "ChargePeriodEnd",
            "ChargePeriodStart",
            "ConsumedQuantity",
            "ConsumedUnit",
            "ContractedCost",
            "ContractedUnitPrice",
            "EffectiveCost",
            "HostProviderName",
            "InvoiceDetailId",
            "InvoiceId",
            "InvoiceIssuerName",
            "ListCost",
            "ListUnitPrice",
            "PricingCategory",
            "PricingQuantity",
            "PricingUnit",
            "ResourceId",
            "ResourceName",
            "ResourceType",
            "ServiceCategory",
            "ServiceName",
            "ServiceProviderName",
            "ServiceSubcategory",
            "SkuId",
            "SkuMeter",
            "SkuPriceDetails",
            "SkuPriceId",
            "SubAccountId",
            "SubAccountName",
            "Tags",
            "x_ColdStartCount",
            "x_InstanceState",
            "x_InvocationCount",
            "x_LedgerRoot",
            "x_Revision");

    static final List<String> INVOICE_DETAIL = List.of(
            "BilledCost",
            "BillingAccountId",
            "BillingCurrency",
            "BillingPeriodEnd",
            "BillingPeriodStart",
            "ChargeCategory",
            "InvoiceDetailCreated",
            "InvoiceDetailDescription",
            "InvoiceDetailGrain",
            "InvoiceDetailId",
            "InvoiceDetailLastUpdated",
            "InvoiceId",
            "InvoiceIssueDate",
            "InvoiceIssueStatus",
            "InvoiceIssuerName",
            "PaymentCurrency",
            "PaymentDueDate",
            "PaymentTerms",
            "ReferenceInvoiceId");

    static final List<String> BILLING_PERIOD = List.of(
            "BillingPeriodCreated",
            "BillingPeriodEnd",
            "BillingPeriodLastUpdated",
            "BillingPeriodStart",
            "BillingPeriodStatus",
            "InvoiceIssuerName");

    private FocusColumns() {}
}
