package dev.wisp.billing.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * Rows of a dataset as Apache Parquet: the columns in order, each optional. Numbers are {@code DECIMAL(38, 18)}, times {@code TIMESTAMP} in
 * UTC to the microsecond, all else texts, as they are. Not compressed. The file is made in memory, as the rows are.
 */
final class FocusParquet {

    /** Digits after the point, of 38. */
    static final int SCALE = 18;

    private static final int PRECISION = 38;

    /** The least that holds 38 digits and a sign. */
    private static final int DECIMAL_BYTES = 16;

    private static final Set<String> NUMBERS = Set.of(
            "BilledCost",
            "ConsumedQuantity",
            "ContractedCost",
            "ContractedUnitPrice",
            "EffectiveCost",
            "ListCost",
            "ListUnitPrice",
            "PricingQuantity",
            "x_ColdStartCount",
            "x_InvocationCount");

    private static final Set<String> TIMES = Set.of(
            "BillingPeriodCreated",
            "BillingPeriodEnd",
            "BillingPeriodLastUpdated",
            "BillingPeriodStart",
            "ChargePeriodEnd",
            "ChargePeriodStart",
            "InvoiceDetailCreated",
            "InvoiceDetailLastUpdated",
            "InvoiceIssueDate",
            "PaymentDueDate");

    private FocusParquet() {}

    /**
     * A whole file.
     *
     * @throws ArithmeticException when a number has more than 18 digits after the point, or more than 20 before it
     */
    static byte[] of(List<String> columns, List<Map<String, Object>> rows) {
        MessageType schema = new MessageType(
                "focus", columns.stream().map(FocusParquet::field).toList());
        ParquetBytes out = new ParquetBytes();
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(out)
                .withType(schema)
                .withConf(new PlainParquetConfiguration())
                .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
                .build()) {
            for (Map<String, Object> row : rows) {
                writer.write(group(schema, columns, row));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return out.bytes();
    }

    private static Type field(String column) {
        if (NUMBERS.contains(column)) {
            return Types.optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
                    .length(DECIMAL_BYTES)
                    .as(LogicalTypeAnnotation.decimalType(SCALE, PRECISION))
                    .named(column);
        }
        return TIMES.contains(column)
                ? Types.optional(PrimitiveTypeName.INT64)
                        .as(LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS))
                        .named(column)
                : Types.optional(PrimitiveTypeName.BINARY)
                        .as(LogicalTypeAnnotation.stringType())
                        .named(column);
    }

    private static Group group(MessageType schema, List<String> columns, Map<String, Object> row) {
        Group group = new SimpleGroup(schema);
        for (String column : columns) {
            switch (row.get(column)) {
                case null -> {}
                case BigDecimal number -> group.add(column, decimal(number));
                case Instant time -> group.add(column, ChronoUnit.MICROS.between(Instant.EPOCH, time));
                case Object text -> group.add(column, text.toString());
            }
        }
        return group;
    }

    /** Two's complement, big-endian. */
    private static Binary decimal(BigDecimal number) {
        BigDecimal scaled = number.setScale(SCALE, RoundingMode.UNNECESSARY);
        if (scaled.precision() > PRECISION) {
            throw new ArithmeticException("%s has more than %d digits".formatted(number, PRECISION));
        }
        byte[] digits = scaled.unscaledValue().toByteArray();
        byte[] bytes = new byte[DECIMAL_BYTES];
        Arrays.fill(bytes, (byte) (scaled.signum() < 0 ? -1 : 0));
        System.arraycopy(digits, 0, bytes, DECIMAL_BYTES - digits.length, digits.length);
        return Binary.fromConstantByteArray(bytes);
    }
}
