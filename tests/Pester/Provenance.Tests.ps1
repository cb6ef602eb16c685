BeforeDiscovery {
    $guide = Get-Content (Join-Path $PSScriptRoot '../../docs/provenance.md') -Raw
    $queries = [regex]::Matches($guide, '(?ms)^([^\r\n]+)\r?\n\s*^```sql\r?\n(.*?)^```').ForEach({ @{ Question = $_.Groups[1].Value; Sql = $_.Groups[2].Value } })
    $relations = [regex]::Matches($guide, '(?m)^\| `(dag_runs|node_executions|edge_traversals)` \|[^|]*\|([^|]*)\|').ForEach({ @{ Relation = $_.Groups[1].Value; Columns = [regex]::Matches($_.Groups[2].Value, '`(\w+)`').ForEach({ $_.Groups[1].Value }) } })
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')
    $guide = Get-Content (Join-Path $RepositoryRoot 'docs/provenance.md') -Raw
    $db = New-DatabasePath
    $dag = New-Dag numbers {
        Add-DagNode read { param([int]$n) $n }
        Add-DagNode twice { param([int]$x) $x * 2 } -After read
        Add-DagNode parts { param([int]$x) 1..3 } -After read
        Add-DagNode check -After parts -Map { if ($_ -eq 2) { throw 'two is odd' }; $_ } -AllowFailure 1
    }
    $before = [DateTimeOffset]::UtcNow.ToUnixTimeMilliseconds() / 1000
    $old = $dag | Invoke-Dag -SourceInput @{ n = 21 } -DatabasePath $db -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
    $new = $dag | Invoke-Dag -SourceInput @{ n = 5 } -DatabasePath $db -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
    $null = New-Dag late { Add-DagNode again { if ($DagContext.Attempt -eq 1) { throw 'not yet' } } -RetryCount 1 } | Invoke-Dag -DatabasePath $db
    $after = [DateTimeOffset]::UtcNow.ToUnixTimeMilliseconds() / 1000
    $values = @{ run = $old.RunId; old = $old.RunId; new = $new.RunId; dag = 'numbers'; label = 'twice' }

    # Runs the query that the guide gives for a question.
    function Get-Answer([string]$Question) {
        $match = [regex]::Match($guide, "(?ms)^$([regex]::Escape($Question))\r?\n\s*^``````sql\r?\n(.*?)^``````")
        if (-not $match.Success) { throw "The guide does not ask: $Question" }
        $sql = $match.Groups[1].Value
        $given = @{}
        foreach ($name in [regex]::Matches($sql, ':(\w+)').ForEach({ $_.Groups[1].Value })) { $given[$name] = $values[$name] }
        Invoke-StoreQuery $db $sql $given
    }
}

AfterAll { Restore-TestSession }

Describe 'docs/provenance.md' {
    It 'has queries and relations' -TestCases @{ Queries = $queries.Count; Relations = $relations.Count } {
        $Queries | Should -BeGreaterOrEqual 5
        $Relations | Should -Be 3
    }

    It 'has a query that runs and answers: <Question>' -ForEach $queries {
        Get-Answer $Question | Should -Not -BeNullOrEmpty
    }

    It 'names the columns that <Relation> has' -ForEach $relations {
        $Columns.Count | Should -BeGreaterOrEqual 4
        $rows = Invoke-StoreQuery $db "SELECT $($Columns -join ', ') FROM $Relation"
        $rows[0].PSObject.Properties.Name | Should -Be $Columns
    }

    It 'finds what produced a value' {
        $answer = @(Get-Answer 'What produced this value?')
        $answer.Count | Should -Be 1
        $answer[0].run_id | Should -Be $old.RunId
        $answer[0].node_label | Should -Be twice
        [datetime]$answer[0].at | Should -BeGreaterThan ([datetime]::UtcNow.AddHours(-1))
    }

    It 'finds what a run read' {
        $answer = @(Get-Answer 'What did this run read?')
        $answer.node_label | Should -Be read
        ($answer[0].input_json | ConvertFrom-Json).n | Should -Be 21
    }

    It 'measures a node' {
        $answer = Get-Answer 'How long does this node take?'
        $answer.runs | Should -Be 2
        $answer.worst_s | Should -BeGreaterOrEqual $answer.mean_s
    }

    It 'compares two runs' {
        $answer = @(Get-Answer 'What changed between two runs?') | Sort-Object node_label
        $answer.node_label | Should -Be read, twice
        $answer[1].before | Should -Be 42
        $answer[1].after | Should -Be 10
    }

    It 'finds the runs that completed with errors' {
        $answer = @(Get-Answer 'Which runs completed with errors, and what was the first?')
        $answer.run_id | Should -Be $new.RunId, $old.RunId
        $answer[0].error_count | Should -Be 1
        $answer[0].error | Should -BeLike 'check*: two is odd*'
    }

    It 'finds the elements that failed' {
        $answer = @(Get-Answer 'Which elements of a map failed, and why?')
        $answer.Count | Should -Be 1
        $answer[0].dag_nsref | Should -Be 'numbers/check[1]'
        $answer[0].error | Should -BeLike '*two is odd*'
    }
}

Describe 'The database' {
    It 'keeps times as seconds since 1970' {
        $row = Invoke-StoreQuery $db 'SELECT *, typeof(started_at) AS kind FROM dag_runs WHERE run_id = :run' @{ run = $old.RunId }
        $row.kind | Should -Be real
        $row.started_at | Should -BeGreaterOrEqual $before
        $row.finished_at | Should -BeLessOrEqual $after
        $row.finished_at | Should -BeGreaterOrEqual $row.started_at
    }

    It 'keeps source inputs and sink outputs as JSON' {
        $row = Invoke-StoreQuery $db "SELECT json_extract(source_inputs_json, '`$.n') AS n, json_extract(sink_outputs_json, '`$.twice') AS twice FROM dag_runs WHERE run_id = :run" @{ run = $old.RunId }
        $row.n | Should -Be 21
        $row.twice | Should -Be 42
    }

    It 'says what a node is' {
        $rows = Invoke-StoreQuery $db 'SELECT node_label, node_type, is_source, is_sink, status, attempt FROM node_executions WHERE run_id = :run ORDER BY node_label' @{ run = $old.RunId }
        ($rows | ForEach-Object { "$($_.node_label) $($_.node_type) $($_.is_source)$($_.is_sink) $($_.status) $($_.attempt)" }) |
            Should -Be 'check composite 01 completed 1', 'parts internal 00 completed 1', 'read source 10 completed 1', 'twice sink 01 completed 1'
    }

    It 'has a traversal for each edge, after its upstream ended' {
        $rows = Invoke-StoreQuery $db '
            SELECT e.upstream_label, e.downstream_label, e.traversed_at, n.finished_at FROM edge_traversals e
            JOIN node_executions n ON n.run_id = e.run_id AND n.node_label = e.upstream_label WHERE e.run_id = :run' @{ run = $old.RunId }
        ($rows | ForEach-Object { "$($_.upstream_label)>$($_.downstream_label)" } | Sort-Object) | Should -Be 'parts>check', 'read>parts', 'read>twice'
        foreach ($row in $rows) { $row.traversed_at | Should -BeGreaterOrEqual $row.finished_at }
    }

    It 'names sub-runs by their path and their parent' {
        $rows = Invoke-StoreQuery $db 'SELECT dag_nsref, status FROM dag_runs WHERE parent_run_id = :run ORDER BY dag_nsref' @{ run = $old.RunId }
        ($rows | ForEach-Object { "$($_.dag_nsref) $($_.status)" }) | Should -Be 'numbers/check[0] completed', 'numbers/check[1] failed', 'numbers/check[2] completed'
    }

    It 'names a call, a switch and the elements of a dictionary by their keys' {
        $own = New-DatabasePath
        $null = New-Dag keys {
            Add-DagNode d { [ordered]@{ one = 1; two = 2 } }
            Add-DagNode m -After d -Map { $_ }
            Add-DagNode c -After m -Call (New-Dag inner { Add-DagNode x { param($v) 'v' } })
            Add-DagNode s -After c -Switch @{ up = { $_ }; down = { $_ } } -By { 'up' }
        } | Invoke-Dag -DatabasePath $own
        (Invoke-StoreQuery $own 'SELECT dag_nsref FROM dag_runs WHERE parent_run_id IS NOT NULL ORDER BY dag_nsref').dag_nsref | Should -Be 'keys/c[call]', 'keys/m[one]', 'keys/m[two]', 'keys/s[up]'
    }

    It 'stores <Name> as JSON that a person reads: <Json>' -ForEach @(
        @{ Name = 'a text'; Code = { 'é "x"' }; Json = '"é \"x\""' }
        @{ Name = 'a number'; Code = { 1.5 }; Json = '1.5' }
        @{ Name = 'a boolean'; Code = { $true }; Json = 'true' }
        @{ Name = 'nothing'; Code = { }; Json = 'null' }
        @{ Name = 'a list'; Code = { 1, 'two', $null }; Json = '[1,"two",null]' }
    ) {
        $own = New-DatabasePath
        $null = New-Dag p | Add-DagNode a $Code -PassThru | Invoke-Dag -DatabasePath $own -ErrorAction Stop
        (Invoke-StoreQuery $own 'SELECT output_json FROM node_executions').output_json | Should -Be $Json
    }

    It 'marks upstream_failed, failed and its error' {
        $own = New-DatabasePath
        $null = New-Dag p { Add-DagNode a { throw 'why' }; Add-DagNode b { param($a) 1 } -After a } | Invoke-Dag -DatabasePath $own -ContinueOnFailure -ErrorAction SilentlyContinue
        $rows = Invoke-StoreQuery $own 'SELECT node_label, status, error FROM node_executions ORDER BY node_label'
        $rows.status | Should -Be failed, upstream_failed
        $rows[0].error | Should -BeLike '*why*'
    }

    It 'stores a large value once, however many edges it travels' {
        $own = New-DatabasePath
        $dag = New-Dag big {
            Add-DagNode text { 'x' * 1MB }
            foreach ($i in 1..20) { Add-DagNode "n$i" { param([string]$t) $t.Length } -After text }
        }
        ($dag | Invoke-Dag -DatabasePath $own).Outputs['n20'] | Should -Be 1MB
        (Get-ChildItem "$own*" | Measure-Object Length -Sum).Sum | Should -BeLessThan 6MB
        (Invoke-StoreQuery $own "SELECT length(output_json) AS n FROM node_executions WHERE node_label = 'text'").n | Should -BeGreaterThan 1MB
    }

    It 'is whole when it is copied alone after its process ended' {
        $own, $copy = (New-DatabasePath), (New-DatabasePath)
        $null = Invoke-ChildPwsh "`$null = New-Dag p { Add-DagNode a { 1 } } | Invoke-Dag -DatabasePath '$own'"
        Copy-Item $own $copy
        (Get-DagRun -DatabasePath $copy).DagName | Should -Be p
    }

    It 'brings back an enum that the session made' {
        Add-Type 'public enum DagTestColour { Red, Green }'
        $run = New-Dag p { Add-DagNode a { [DagTestColour]::Green } } | Invoke-Dag -DatabasePath (New-DatabasePath)
        (Get-DagRun $run.RunId -DatabasePath $run.DatabasePath).Outputs['a'] | Should -BeOfType ([DagTestColour])
    }

    It 'is refused when a newer version wrote it, and stays as it is' {
        $own = New-DatabasePath
        $null = New-Dag p { Add-DagNode a { 1 } } | Invoke-Dag -DatabasePath $own
        $type = [AppDomain]::CurrentDomain.GetAssemblies() | ForEach-Object { $_.GetType('Microsoft.Data.Sqlite.SqliteConnection') } | Select-Object -First 1
        $connection = [Activator]::CreateInstance($type, "Data Source=$own;Pooling=False")
        $connection.Open()
        $command = $connection.CreateCommand()
        $command.CommandText = 'PRAGMA user_version = 99999'
        $null = $command.ExecuteNonQuery()
        $connection.Dispose()
        { New-Dag p { Add-DagNode a { 1 } } | Invoke-Dag -DatabasePath $own } | Should -Throw -ErrorId 'DagDatabaseNewer*'
        { Get-DagRun -DatabasePath $own -ErrorAction Stop } | Should -Throw -ErrorId 'DagDatabaseNewer*'
    }
}
