// Writes a parquet file with hyparquet-writer: {"file", "codec", "columns": [{"name", "type", "encoding", "nullable", "data"}]} on standard input. INT64 values may be text.
import { readFileSync } from 'node:fs'
import { parquetWriteFile } from 'hyparquet-writer'

const { file, codec, columns } = JSON.parse(readFileSync(0, 'utf8'))
const columnData = columns.map(column => ({ ...column, data: column.data.map(value => column.type === 'INT64' && value !== null ? BigInt(value) : value) }))
parquetWriteFile({ filename: file, columnData, codec, rowGroupSize: 1_000_000 })
