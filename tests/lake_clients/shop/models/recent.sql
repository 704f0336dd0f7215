{{ config(materialized='view') }}
select * from {{ ref('orders') }} where cast(day as date) >= date '2026-01-02'
