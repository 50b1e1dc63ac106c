-- Prices of charged calls, partitioned like the calls. The cap of 0.60 EUR a minute is held here too.
CREATE TABLE billing_ratedcall (
    call_id bigint NOT NULL,
    month date NOT NULL,
    day date NOT NULL,
    company_id bigint NOT NULL,
    number_id bigint NOT NULL,
    tariff_id bigint NOT NULL,
    price_micros integer NOT NULL CHECK (price_micros BETWEEN 0 AND 600000),
    billed_ms integer NOT NULL CHECK (billed_ms >= 0),
    ttc_micros bigint NOT NULL CHECK (ttc_micros >= 0),
    vat_micros bigint NOT NULL,
    ht_micros bigint NOT NULL,
    rule_version smallint NOT NULL,
    CONSTRAINT rated_cap CHECK (ttc_micros * 60000 <= 600000 * billed_ms::bigint),
    CONSTRAINT rated_vat CHECK (ht_micros + vat_micros = ttc_micros),
    PRIMARY KEY (call_id, month)
) PARTITION BY RANGE (month);
CREATE INDEX rated_number_day ON billing_ratedcall (number_id, day);
