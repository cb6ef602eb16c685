BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')
}

AfterAll { Restore-TestSession }

Describe 'Invoke-DagReplay' {
    BeforeEach {
        $db = New-DatabasePath
        $dag = New-Dag p {
            Add-DagNode a { [guid]::NewGuid() }
            Add-DagNode b -After a { param([guid]$id) "$([guid]::NewGuid()) from $id" }
            Add-DagNode c -After b { param($b) "c of $b" }
        }
        $old = $dag | Invoke-Dag -DatabasePath $db
        function Get-Output($Run, $Label) { ($Run.Nodes | Where-Object Label -EQ $Label).Output }
    }

    It 'makes a new run that runs the named node again and reuses the rest' {
        $run = Invoke-DagReplay $old.RunId b -DatabasePath $db
        $run.RunId | Should -Not -Be $old.RunId
        $run.ReplayedFrom | Should -Be $old.RunId
        "$($run.Status)" | Should -Be completed
        Get-Output $run a | Should -Be (Get-Output $old a)
        Get-Output $run b | Should -Not -Be (Get-Output $old b)
        Get-Output $run b | Should -BeLike "*$(Get-Output $old a)"
        $run.Outputs['c'] | Should -Be $old.Outputs['c']
        @(Get-DagRun -DatabasePath $db).Count | Should -Be 2
    }

    It 'records reused nodes as skipped in the database' {
        $run = Invoke-DagReplay $old.RunId b -DatabasePath $db
        $rows = Invoke-StoreQuery $db 'SELECT node_label, status FROM node_executions WHERE run_id = :run ORDER BY node_label' @{ run = $run.RunId }
        $rows.status | Should -Be skipped, completed, skipped
        (Invoke-StoreQuery $db 'SELECT replayed_from FROM dag_runs WHERE run_id = :run' @{ run = $run.RunId }).replayed_from | Should -Be $old.RunId
    }

    It 'runs all that lies downstream with -IncludeDownstream' {
        $run = Invoke-DagReplay -RunId $old.RunId -Node b -IncludeDownstream -DatabasePath $db
        Get-Output $run a | Should -Be (Get-Output $old a)
        $run.Outputs['c'] | Should -Be "c of $(Get-Output $run b)"
    }

    It 'warns of what stays as it was downstream, unless -IncludeDownstream runs it' {
        $null = $old | Invoke-DagReplay -Node b -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -BeLike "*'c'*-IncludeDownstream*"
        $null = $old | Invoke-DagReplay -Node b -IncludeDownstream -WarningVariable warned
        $warned | Should -BeNullOrEmpty
    }

    It 'takes the run from the pipeline and several labels, without case' {
        $run = $old | Invoke-DagReplay -Node A, c
        Get-Output $run a | Should -Not -Be (Get-Output $old a)
        Get-Output $run b | Should -Be (Get-Output $old b)
        $run.Outputs['c'] | Should -Be $old.Outputs['c']
    }

    It 'leaves the old run as it was' {
        $before = Invoke-StoreQuery $db 'SELECT * FROM node_executions WHERE run_id = :run ORDER BY node_label' @{ run = $old.RunId } | ConvertTo-Json
        $null = Invoke-DagReplay $old.RunId a -IncludeDownstream -DatabasePath $db
        Invoke-StoreQuery $db 'SELECT * FROM node_executions WHERE run_id = :run ORDER BY node_label' @{ run = $old.RunId } | ConvertTo-Json | Should -Be $before
    }

    It 'runs a node that has no stored output' {
        $failed = $dag | Invoke-Dag -DatabasePath $db -Override @{ b = { throw 'no' } } -ErrorAction SilentlyContinue
        $run = $failed | Invoke-DagReplay -Node b
        "$($run.Status)" | Should -Be completed
        $run.Outputs['c'] | Should -BeLike "*from $(Get-Output $failed a)"
    }

    It 'replays a replay' {
        $first = $old | Invoke-DagReplay -Node c
        $second = $first | Invoke-DagReplay -Node c
        $second.ReplayedFrom | Should -Be $first.RunId
        $second.Outputs['c'] | Should -Be $old.Outputs['c']
    }

    It 'runs a source again with new source input' {
        $dag = New-Dag inputs { Add-DagNode a { param($x) "a$x" }; Add-DagNode b -After a { param($a) "b$a" } }
        $run = $dag | Invoke-Dag -SourceInput @{ x = 1 } -DatabasePath $db
        ($run | Invoke-DagReplay -Node a -IncludeDownstream -SourceInput @{ x = 2 }).Outputs['b'] | Should -Be ba2
        ($run | Invoke-DagReplay -Node a -IncludeDownstream).Outputs['b'] | Should -Be ba1
    }

    It 'replays with another definition of a node' {
        $changed = New-Dag p { Add-DagNode a { [guid]::NewGuid() }; Add-DagNode b -After a { param([guid]$id) 'changed' }; Add-DagNode c -After b { param($b) "c of $b" } }
        (Invoke-DagReplay $old.RunId b -IncludeDownstream -Dag $changed -DatabasePath $db).Outputs['c'] | Should -Be 'c of changed'
    }

    It 'refuses <Case> with <Id>, and makes no run' -ForEach @(
        @{ Case = 'a node that is not there'; Id = 'DagNodeNotFound'; Call = { Invoke-DagReplay $old.RunId nope -DatabasePath $db } }
        @{ Case = 'a run that is not there'; Id = 'DagRunNotFound'; Call = { Invoke-DagReplay ffffffff a -DatabasePath $db } }
        @{ Case = 'no provenance'; Id = 'DagProvenanceRequired'; Call = { Invoke-DagReplay $old.RunId a -NoProvenance } }
    ) {
        $Call | Should -Throw -ErrorId "$Id*"
        @(Get-DagRun -DatabasePath $db).Count | Should -Be 1
    }

    It 'prints the plan with -WhatIf and makes no run' {
        Invoke-DagReplay $old.RunId b -DatabasePath $db -WhatIf | Should -BeNullOrEmpty
        @(Get-DagRun -DatabasePath $db).Count | Should -Be 1
    }

    It 'says run, reuse and why in the plan' {
        $text = Invoke-ChildPwsh "
            `$dag = New-Dag p { Add-DagNode first { 1 }; Add-DagNode second { param(`$x) `$x } -After first }
            `$run = `$dag | Invoke-Dag -DatabasePath '$db'
            `$run | Invoke-DagReplay -Node second -WhatIf"
        "$text" | Should -BeLike '*reuse*first*run*second*'
    }

    It 'runs as a job' {
        $job = $old | Invoke-DagReplay -Node b -AsJob
        ($job | Wait-Job -Timeout 300 | Receive-Job).ReplayedFrom | Should -Be $old.RunId
        $job | Remove-Job
    }

    It 'replays a map, a call and a switch' {
        $dag = New-Dag composites {
            Add-DagNode a { 1..3 }
            Add-DagNode m -After a -Map { $_ * 10 }
            Add-DagNode c -After m -Call (New-Dag sum { Add-DagNode s { param([int[]]$n) ($n | Measure-Object -Sum).Sum } })
            Add-DagNode s -After c -Switch @{ big = { "big $_" }; small = { "small $_" } } -By { if ($_ -gt 50) { 'big' } else { 'small' } }
        }
        $run = $dag | Invoke-Dag -DatabasePath $db
        ($run | Invoke-DagReplay -Node m, c, s).Outputs['s'] | Should -Be 'big 60'
        ($run | Invoke-DagReplay -Node s).Outputs['s'] | Should -Be 'big 60'
    }
}

Describe 'Invoke-DagReplay -FailedOnly' {
    It 'runs the elements of a map that failed, each from the start, and takes the rest over' {
        $flag = Join-Path $TestDrive "$([guid]::NewGuid())"
        $log = "$flag.log"
        $element = New-Dag e { Add-DagNode x { param($n) Add-Content $using:log "x$n"; $n }; Add-DagNode y { param($x) if ($x -eq 2 -and -not (Test-Path $using:flag)) { throw 'no' }; $x * 10 } -After x }
        $dag = New-Dag p { Add-DagNode list { 1..3 }; Add-DagNode each -After list -Map $element -AllowFailure 1 }
        $run = Invoke-Dag $dag -DatabasePath (New-DatabasePath) -WarningAction SilentlyContinue
        $run.Outputs['each'] | Should -Be 10, 30
        $null = New-Item $flag
        Clear-Content $log
        $again = $run | Invoke-DagReplay -Node each -FailedOnly
        $again.Outputs['each'] | Should -Be 10, 20, 30
        Get-Content $log | Should -Be x2
        $again.ReplayedFrom | Should -Be $run.RunId
        $again.Nodes['each'].ChildRuns.Status | Should -Be completed, completed, completed
        $again.Nodes['each'].ChildRuns['0'].Nodes.Status | Should -Be skipped
        $again.Nodes['each'].ChildRuns.ReusedFrom | Should -Be $run.RunId, $null, $run.RunId
        ($again.Nodes['each'] | Out-String) -replace '\s+', ' ' | Should -BeLike '*note: reused 2 of 3 elements*'
    }

    It 'names the run in which the code of an element ran, however many replays took it over' {
        $dag = New-Dag p { Add-DagNode list { 1..3 }; Add-DagNode each -After list -AllowFailure 1 -Map { if ($_ -eq 2) { throw 'no' }; $_ } }
        $run = Invoke-Dag $dag -DatabasePath (New-DatabasePath) -WarningAction SilentlyContinue
        $again = $run | Invoke-DagReplay -FailedOnly -WarningAction SilentlyContinue | Invoke-DagReplay -FailedOnly -WarningAction SilentlyContinue
        $again.Nodes['each'].ChildRuns.ReusedFrom | Should -Be $run.RunId, $null, $run.RunId
        $again.Nodes['each'].ChildRuns['0'].Nodes.ReusedFrom | Should -Be $run.RunId
    }

    It 'takes all maps with elements that did not complete where none is named' {
        $flag = Join-Path $TestDrive "$([guid]::NewGuid())"
        $dag = New-Dag p {
            Add-DagNode list { 1..3 }
            Add-DagNode each -After list -AllowFailure 1 -Map { if ($_ -eq 2 -and -not (Test-Path $using:flag)) { throw 'no' }; $_ * 10 }
            Add-DagNode other -After list -AllowFailure 1 -Map { if ($_ -eq 3 -and -not (Test-Path $using:flag)) { throw 'no' }; $_ * 100 }
            Add-DagNode sound -After list -Map { $_ }
        }
        $run = Invoke-Dag $dag -DatabasePath (New-DatabasePath) -WarningAction Ignore
        $null = New-Item $flag
        $again = $run | Invoke-DagReplay -FailedOnly
        "$($again.Outputs['each']) $($again.Outputs['other'])" | Should -Be '10 20 30 100 200 300'
        "$($again.Nodes['sound'].Status)" | Should -Be skipped
        { $again | Invoke-DagReplay -FailedOnly } | Should -Throw -ErrorId 'DagRunNotRestartable*'
        { $run | Invoke-DagReplay -FailedOnly:$false } | Should -Throw -ErrorId 'DagInputMissing*'
    }

    It 'takes the elements that are left of a map that failed' {
        $flag = Join-Path $TestDrive "$([guid]::NewGuid())"
        $dag = New-Dag p { Add-DagNode list { 1..3 }; Add-DagNode each -After list -Map { if ($_ -eq 2 -and -not (Test-Path $using:flag)) { throw 'no' }; $_ } }
        $run = Invoke-Dag $dag -DatabasePath (New-DatabasePath) -ErrorAction SilentlyContinue
        $null = New-Item $flag
        ($run | Invoke-DagReplay -FailedOnly).Outputs['each'] | Should -Be 1, 2, 3
    }

    It 'still needs a node without -FailedOnly' {
        ((Get-Command Invoke-DagReplay).ParameterSets | Where-Object Name -EQ Node).Parameters | Where-Object Name -EQ Node |
            ForEach-Object IsMandatory | Should -BeTrue
    }

    It 'is refused for a node that is no map' {
        $run = New-Dag p { Add-DagNode a { 1 } } | Invoke-Dag -DatabasePath (New-DatabasePath)
        { $run | Invoke-DagReplay -Node a -FailedOnly } | Should -Throw -ErrorId 'DagTypeMismatch*'
    }
}
