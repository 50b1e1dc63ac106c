-- Verdicts, one per call, partitioned like the calls they speak of.
CREATE TABLE agents_verdict (
    call_id bigint NOT NULL,
    month date NOT NULL,
    day date NOT NULL,
    company_id bigint NOT NULL,
    number_id bigint NOT NULL,
    verdict varchar(10) NOT NULL,
    reason varchar(24) NOT NULL,
    agent_id bigint,
    contract_id bigint,
    proof_id bigint,
    rule_version smallint NOT NULL,
    PRIMARY KEY (call_id, month)
) PARTITION BY RANGE (month);
CREATE INDEX verdict_number_day ON agents_verdict (number_id, day, verdict);
