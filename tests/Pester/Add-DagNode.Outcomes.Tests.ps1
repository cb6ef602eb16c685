BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')
}

AfterAll { Restore-TestSession }

Describe 'A node that fails' {
    It 'is tried again -RetryCount times, and its attempt is seen' {
        $run = New-Dag p { Add-DagNode a -RetryCount 3 -RetryDelay ([timespan]::FromMilliseconds(1)) -RetryBackoff Exponential { if ($DagContext.Attempt -lt 3) { throw 'not yet' }; $DagContext.Attempt } } | Invoke-Dag -NoProvenance
        $run.Outputs['a'] | Should -Be 3
        $run.Nodes[0].Attempt | Should -Be 3
    }

    It 'is tried again only where -RetryOn says so' {
        $run = New-Dag p { Add-DagNode a -RetryCount 5 -RetryOn { $_.Exception.Message -ne 'fatal' } { if ($DagContext.Attempt -eq 1) { throw 'passing' } else { throw 'fatal' } } } | Invoke-Dag -NoProvenance -ErrorAction SilentlyContinue
        $run.Status | Should -Be failed
        $run.Nodes[0].Attempt | Should -Be 2
    }

    It 'fails at its -Timeout' {
        $run = New-Dag p { Add-DagNode a -Timeout ([timespan]::FromMilliseconds(100)) { while ($true) { Start-Sleep -Milliseconds 10 } } } | Invoke-Dag -NoProvenance -ErrorAction SilentlyContinue
        $run.Status | Should -Be failed
        $run.FailedNode | Should -Be a
    }

    It 'is allowed in a map up to -AllowFailure <Allowed>' -ForEach @(
        @{ Allowed = 1; Status = 'failed' }, @{ Allowed = 2; Status = 'completed' }, @{ Allowed = '10%'; Status = 'failed' }, @{ Allowed = '20%'; Status = 'completed' }
    ) {
        $run = New-Dag p { Add-DagNode a { 1..10 }; Add-DagNode m -After a -AllowFailure $Allowed -Map { if ($_ -in 3, 7) { throw 'bad' }; $_ } } | Invoke-Dag -NoProvenance -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        $run.Status | Should -Be $Status
    }
}

Describe 'A node with -If' {
    It 'runs where the condition, which sees the upstream output as $_, says so' {
        $run = New-Dag p { Add-DagNode a { 5 }; Add-DagNode b { "b$_" } -After a -If { $_ -gt 3 }; Add-DagNode c { "c$_" } -After a -If { $_ -gt 9 } } | Invoke-Dag
        $run.Status | Should -Be completed
        $run.Nodes.Status | Should -Be completed, completed, omitted
        $run.Outputs.Keys | Should -Be b
    }

    It 'has $using:, the session''s functions and $DagContext in its condition' {
        $limit = 4
        function Test-Limit($Value) { $Value -gt 4 }
        $run = New-Dag p { Add-DagNode a { 5 }; Add-DagNode b { 1 } -After a -If { $_ -gt $using:limit -and (Test-Limit $_) -and $DagContext.NodeLabel -eq 'b' } } | Invoke-Dag -NoProvenance
        $run.Nodes['b'].Status | Should -Be completed
    }

    It 'asks in the caller''s session where it is inline' {
        $mine = 'yes'
        $run = New-Dag p { Add-DagNode a { 1 } -Inline -If { $mine -eq 'yes' } } | Invoke-Dag -NoProvenance
        $run.Nodes[0].Status | Should -Be completed
    }

    It 'sees the source input of a source by parameter, or its one value as $_' {
        $dag = New-Dag p { Add-DagNode a { param($x, $y) 1 } -If { $_.x -eq 1 -and $_.Y -eq 2 }; Add-DagNode b { 1 } -If { $_ -eq 'v' }; Add-DagNode c { param($z) 1 } -If { $_ -eq 3 } }
        (Invoke-Dag $dag @{ x = 1; y = 2; b = 'v'; z = 3 } -NoProvenance).Nodes.Status | Should -Be completed, completed, completed
        (Invoke-Dag $dag @{ x = 1; y = 3; b = 'w'; z = 4 } -NoProvenance).Nodes.Status | Should -Be omitted, omitted, omitted
    }

    It 'is named by the error where the condition throws' {
        $run = New-Dag p { Add-DagNode a { 1 } -If { throw 'cannot say' } } | Invoke-Dag -NoProvenance -ErrorVariable failed -ErrorAction SilentlyContinue
        $run.FailedNode | Should -Be a
        $failed[0].Exception.Message | Should -BeLike '*cannot say*'
    }

    It 'is asked once for a map, and in a sub-DAG for each element' {
        $element = New-Dag e { Add-DagNode x { param($n) $n * 10 } -If { $_ % 2 } }
        $run = New-Dag p { Add-DagNode list { 1..4 }; Add-DagNode each -After list -Map $element; Add-DagNode none -After list -Map { $_ } -If { $_.Count -gt 9 } } | Invoke-Dag
        $run.Outputs['each'] | Should -Be 10, 30
        $run.Nodes['none'].Status | Should -Be omitted
        $run.Nodes['each'].ChildRuns['1'].Nodes.Status | Should -Be omitted
    }

    It 'is omitted in the database, and its edges are not traversed' {
        $run = New-Dag p { Add-DagNode a { 1 } -If { $false }; Add-DagNode b { 2 }; Add-DagNode c { param([int[]]$all) 1 } -After a, b } | Invoke-Dag -DatabasePath (New-DatabasePath)
        (Invoke-StoreQuery $run.DatabasePath 'SELECT status FROM node_executions WHERE node_label = ''a''').status | Should -Be omitted
        (Invoke-StoreQuery $run.DatabasePath 'SELECT upstream_label FROM edge_traversals').upstream_label | Should -Be b
        (Invoke-StoreQuery $run.DatabasePath 'SELECT status FROM dag_runs').status | Should -Be completed
    }

    It 'is asked no second time by a restart, and left omitted by a replay' {
        $dag = New-Dag p { Add-DagNode a { 1 } -If { Add-Content $using:TestDrive/asked x; $false }; Add-DagNode b { if (-not (Test-Path $using:TestDrive/mended)) { throw 'no' }; 1 } }
        $failed = Invoke-Dag $dag -ThrottleLimit 1 -ErrorAction SilentlyContinue
        $null = New-Item $TestDrive/mended
        (Restart-DagRun $failed).Nodes.Status | Should -Be omitted, completed
        (Invoke-DagReplay $failed -Node b).Nodes.Status | Should -Be omitted, completed
        Get-Content $TestDrive/asked | Should -HaveCount 1
    }
}

Describe 'A node with -When' {
    It 'runs after a failure, and sees in $DagContext.Upstreams what happened' {
        $run = New-Dag p {
            Add-DagNode a { 5 }
            Add-DagNode b { throw 'no' } -After a
            Add-DagNode c { 1 } -After b
            Add-DagNode mail { $DagContext.Upstreams } -After a, b, c -When Failed
            Add-DagNode close { param($a, $b) "a=$a b=$($null -eq $b)" } -After a, b -When Always
        } | Invoke-Dag -DatabasePath (New-DatabasePath) -ErrorAction SilentlyContinue
        $run.Status | Should -Be failed
        $run.FailedNode | Should -Be b
        $run.Nodes['close'].Output | Should -Be 'a=5 b=True'
        $run.Nodes['mail'].Status | Should -Be completed
    }

    It 'has the error record, the status and the output of each upstream by its label' {
        $run = New-Dag p {
            Add-DagNode a { 5 }
            Add-DagNode b { Write-Error -ErrorAction Stop -ErrorId MyId 'no' }
            Add-DagNode c { $up = $DagContext.Upstreams; $up.a.Status, $up['A'].Output, $up.b.Status, $up.b.Error.GetType().Name, $up.b.Error.FullyQualifiedErrorId, ($null -eq $up.a.Error), $up.Keys } -After b, a -When Always
        } | Invoke-Dag -DatabasePath (New-DatabasePath) -ContinueOnFailure -ErrorAction SilentlyContinue
        $run.Nodes['c'].Output[0..5] | Should -Be completed, 5, failed, ErrorRecord, 'MyId', $true
        $run.Nodes['c'].Output[6] | Should -Be b, a
    }

    It 'is no sink, is omitted where nothing failed, and fails a run that would have completed' {
        $db = New-DatabasePath
        $run = New-Dag p { Add-DagNode a { 5 }; Add-DagNode f { 1 } -After a -When Failed; Add-DagNode c { throw 'late' } -After a -When Always } | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue
        $run.Status | Should -Be failed
        $run.FailedNode | Should -Be c
        $run.Outputs.Keys | Should -Be a
        $run.Nodes['f'].Status | Should -Be omitted
        (Invoke-StoreQuery $db 'SELECT is_sink FROM node_executions ORDER BY node_label').is_sink | Should -Be 1, 0, 0
        (Invoke-StoreQuery $db 'SELECT sink_outputs_json FROM dag_runs').sink_outputs_json | Should -Be '{"a":5}'
    }

    It 'must be followed by closing nodes alone' {
        $dag = New-Dag p { Add-DagNode a { 1 }; Add-DagNode b { 2 }; Add-DagNode c { 1 } -After a -When Always }
        { $dag | Add-DagNode x { 1 } -After c } | Should -Throw -ErrorId 'DagClosingDownstream*'
        { $dag | Connect-DagNode c b } | Should -Throw -ErrorId 'DagClosingDownstream*'
        $dag.Nodes.Label | Should -Be a, b, c
    }

    It 'runs for each element beside the one sink of a sub-DAG, and is left out by Invoke-DagNode' {
        # Elements run at the same time: of two that append to one file, one line may be lost.
        $tidied = [Collections.Concurrent.ConcurrentBag[string]]::new()
        $element = New-Dag e { Add-DagNode x { param($n) if ($n -eq 2) { throw 'two' }; $n * 10 }; Add-DagNode tidy { ($using:tidied).Add($DagContext.Upstreams.x.Status) } -After x -When Always }
        $dag = New-Dag p { Add-DagNode list { 1..3 }; Add-DagNode each -After list -Map $element -AllowFailure 1 }
        (Invoke-Dag $dag -NoProvenance -WarningAction SilentlyContinue).Outputs['each'] | Should -Be 10, 30
        $tidied | Sort-Object | Should -Be completed, completed, failed
        New-Dag q { Add-DagNode a { 1 }; Add-DagNode c { "c$_" } -After a -When Failed -If { $false } } | Invoke-DagNode -Name c -Parameter @{ _ = 7 } | Should -Be c7
    }
}
