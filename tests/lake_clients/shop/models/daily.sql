{{ config(materialized='incremental', incremental_strategy='insert_overwrite', partitioned_by=['day'], format='parquet') }}
select sum(amount) as amount, cast(day as varchar) as day from {{ ref('orders') }}
{% if is_incremental() %} where cast(day as varchar) >= '2026-01-02' {% endif %} group by 2
