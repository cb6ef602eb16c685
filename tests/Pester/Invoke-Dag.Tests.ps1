BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')
}

AfterAll { Restore-TestSession }

Describe 'Invoke-Dag' {
    BeforeEach { $db = New-DatabasePath }

    It 'writes one run with all that a run has' {
        $before = [DateTimeOffset]::UtcNow.AddSeconds(-1)
        $run = New-Dag p { Add-DagNode a { 20 }; Add-DagNode b { param($a) $a + 1 } -After a } | Invoke-Dag -SourceInput @{} -DatabasePath $db -Tag x, $null, y
        @($run).Count | Should -Be 1
        [guid]::TryParse($run.RunId, [ref][guid]::Empty) | Should -BeTrue
        $run.DagName | Should -Be p
        "$($run.Status)" | Should -Be completed
        $run.Outputs | Should -BeOfType ([Collections.Specialized.OrderedDictionary])
        $run.Outputs['b'] | Should -Be 21
        $run.FailedNode | Should -BeNullOrEmpty
        $run.Error | Should -BeNullOrEmpty
        $run.StartedAt | Should -BeOfType ([DateTimeOffset])
        $run.StartedAt.Offset | Should -Be ([timespan]::Zero)
        $run.StartedAt | Should -BeGreaterThan $before
        $run.FinishedAt | Should -Not -BeLessThan $run.StartedAt
        $run.Duration | Should -Be ($run.FinishedAt - $run.StartedAt)
        $run.ParentRunId | Should -BeNullOrEmpty
        $run.ReplayedFrom | Should -BeNullOrEmpty
        $run.Tag | Should -Be x, y
        $run.DatabasePath | Should -Be $db
    }

    It 'writes node runs with all that a node run has' {
        $run = New-Dag p { Add-DagNode a { param([int]$n) Write-Warning w; $n }; Add-DagNode m -Map { $_ } -After a } | Invoke-Dag -SourceInput @{ n = 5 } -DatabasePath $db -WarningAction SilentlyContinue
        $run.Nodes.Label | Should -Be a, m
        $node = $run.Nodes[0]
        "$($node.Status)" | Should -Be completed
        $node.Attempt | Should -Be 1
        $node.StartedAt | Should -BeOfType ([DateTimeOffset])
        $node.Duration | Should -Be ($node.FinishedAt - $node.StartedAt)
        $node.Input['n'] | Should -Be 5
        $node.Output | Should -Be 5
        $node.Error | Should -BeNullOrEmpty
        @($node.Messages).Count | Should -Be 1
        "$($run.Nodes[1].Kind)" | Should -Be Map
        @($run.Nodes[1].ChildRuns).Count | Should -Be 1
        $run.Nodes[1].ChildRuns[0].ParentRunId | Should -Be $run.RunId
        $run.Nodes[1].ChildRuns[0].DagName | Should -Be 'p/m[0]'
    }

    It 'takes the DAG and the source input by position, and -Inputs for it' {
        $dag = New-Dag p { Add-DagNode a { param($x) $x } }
        (Invoke-Dag $dag @{ x = 1 } -NoProvenance).Outputs['a'] | Should -Be 1
        (Invoke-Dag -Dag $dag -Inputs @{ x = 2 } -NoProvenance).Outputs['a'] | Should -Be 2
        (Invoke-Dag -Dag $dag -SourceInput @{ X = 3 } -NoProvenance).Outputs['a'] | Should -Be 3
    }

    It 'runs each DAG of the pipeline' {
        $runs = (New-Dag one { Add-DagNode a { 1 } }), (New-Dag two { Add-DagNode a { 2 } }) | Invoke-Dag -DatabasePath $db
        $runs.DagName | Should -Be one, two
    }

    It 'takes source input by label, by label for one without param(), and converts it' {
        $dag = New-Dag p { Add-DagNode a { param([int]$x) $x + 1 }; Add-DagNode b { "<$_>" } }
        $run = $dag | Invoke-Dag -SourceInput @{ A = @{ X = '41' }; b = 'v' } -NoProvenance
        $run.Outputs['a'] | Should -Be 42
        $run.Outputs['b'] | Should -Be '<v>'
    }

    It 'gives source input the last word over -Parameter, and by label to nodes with upstreams' {
        $dag = New-Dag p { Add-DagNode a -Parameter @{ x = 'constant' } { param($x) $x }; Add-DagNode b -After a { param($a, $extra) "$a $extra" } }
        ($dag | Invoke-Dag -SourceInput @{ x = 'given'; b = @{ extra = 'more' } } -NoProvenance).Outputs['b'] | Should -Be 'given more'
    }

    It 'gives sinks in the order in which nodes were added' {
        $run = New-Dag p { Add-DagNode z { 1 }; Add-DagNode a { 2 }; Add-DagNode m { 3 } } | Invoke-Dag -NoProvenance
        @($run.Outputs.Keys) | Should -Be z, a, m
    }

    It 'replaces what a node runs with -Override, by scriptblock and by method' {
        $dag = New-Dag p { Add-DagNode a { throw 'real' }; Add-DagNode b -After a { param([double]$x) throw 'real' } }
        $run = $dag | Invoke-Dag -NoProvenance -Override @{ A = { 16 }; b = [Math].GetMethod('Sqrt') }
        $run.Outputs['b'] | Should -Be 4
        ($dag | Invoke-Dag -NoProvenance -ErrorAction SilentlyContinue).Status | Should -Be failed
    }

    It 'refuses an override of a node that is not there' {
        { New-Dag p { Add-DagNode a { 1 } } | Invoke-Dag -DatabasePath $db -Override @{ nope = { 1 } } } | Should -Throw -ErrorId 'DagNodeNotFound*'
        $db | Should -Not -Exist
    }

    It 'runs no more at once than -ThrottleLimit' {
        $counter = [int[]]::new(2)
        $body = { $c = $using:counter; [Threading.Monitor]::Enter($c); try { $c[0]++; $c[1] = [Math]::Max($c[0], $c[1]) } finally { [Threading.Monitor]::Exit($c) }; Start-Sleep -Milliseconds 5; [Threading.Monitor]::Enter($c); try { $c[0]-- } finally { [Threading.Monitor]::Exit($c) } }
        $null = New-Dag p { foreach ($i in 1..12) { Add-DagNode "n$i" $body } } | Invoke-Dag -NoProvenance -ThrottleLimit 3 -ErrorAction Stop
        $counter[1] | Should -BeLessOrEqual 3
        $counter[0] | Should -Be 0
    }

    It 'runs nodes that wait for each other at the same time' {
        $dag = New-Dag p {
            $folder = "$TestDrive"
            Add-DagNode a { Set-Content "$using:folder/a" 1; while (-not (Test-Path "$using:folder/b")) { Start-Sleep -Milliseconds 5 }; 'a' } -Timeout 300
            Add-DagNode b { Set-Content "$using:folder/b" 1; while (-not (Test-Path "$using:folder/a")) { Start-Sleep -Milliseconds 5 }; 'b' } -Timeout 300
        }
        ($dag | Invoke-Dag -NoProvenance -ThrottleLimit 2).Status | Should -Be completed
    }

    It 'refuses <Case> with <Id>, and makes no database' -ForEach @(
        @{ Case = 'a key of source input that matches nothing'; Id = 'DagSourceInputUnknown'; Make = { Add-DagNode a { param($x) $x } }; Options = @{ SourceInput = @{ nope = 1 } } }
        @{ Case = 'a mandatory parameter that nothing fills'; Id = 'DagInputMissing'; Make = { Add-DagNode a { param([Parameter(Mandatory)]$x) $x } }; Options = @{} }
        @{ Case = 'two candidates for one parameter'; Id = 'DagInputAmbiguous'; Make = { Add-DagNode a { 1 } -OutputType int; Add-DagNode b { 1 } -OutputType int; Add-DagNode c { param([int]$n) $n } -After a, b }; Options = @{} }
        @{ Case = 'a source input that does not convert'; Id = 'DagTypeMismatch'; Make = { Add-DagNode a { param([int]$x) $x } }; Options = @{ SourceInput = @{ x = 'abc' } } }
    ) {
        $problem = { New-Dag p $Make | Invoke-Dag -DatabasePath $db @Options } | Should -Throw -ErrorId "$Id*" -PassThru
        $problem.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $db | Should -Not -Exist
    }

    It 'prints the plan with -WhatIf, runs nothing and makes no database' {
        $touched = Join-Path $TestDrive 'whatif'
        $text = Invoke-ChildPwsh "New-Dag p { Add-DagNode first { New-Item '$touched' }; Add-DagNode second { 1 } -After first } | Invoke-Dag -DatabasePath '$db' -WhatIf"
        "$text" | Should -BeLike '*run*first*'
        "$text" | Should -BeLike '*run*second*'
        $touched | Should -Not -Exist
        $db | Should -Not -Exist
    }

    It 'writes no run with -WhatIf' {
        New-Dag p { Add-DagNode a { 1 } } | Invoke-Dag -DatabasePath $db -WhatIf | Should -BeNullOrEmpty
    }

    It 'keeps runs where <Case> says' -ForEach @(
        @{ Case = 'LYTHONIC_DAG_DB'; Name = 'LYTHONIC_DAG_DB'; Value = 'env/here.db'; Expected = 'env/here.db' }
        @{ Case = 'XDG_DATA_HOME, under its own folder,'; Name = 'XDG_DATA_HOME'; Value = 'xdg'; Expected = 'xdg/Lythonic.Dag/runs.db' }
    ) {
        $saved = $env:LYTHONIC_DAG_DB, $env:XDG_DATA_HOME
        try {
            $env:LYTHONIC_DAG_DB = ''
            [Environment]::SetEnvironmentVariable($Name, (Join-Path $TestDrive $Value))
            $run = New-Dag p { Add-DagNode a { 1 } } | Invoke-Dag
            $run.DatabasePath | Should -Be (Join-Path $TestDrive $Expected)
            $run.DatabasePath | Should -Exist
            (Get-DagRun).RunId | Should -Be $run.RunId
        }
        finally { $env:LYTHONIC_DAG_DB, $env:XDG_DATA_HOME = $saved }
    }

    It 'reads -DatabasePath as PowerShell reads paths' {
        Push-Location $TestDrive
        try { (New-Dag p { Add-DagNode a { 1 } } | Invoke-Dag -DatabasePath './rel.db').DatabasePath | Should -Be (Join-Path $TestDrive rel.db) }
        finally { Pop-Location }
        (New-Dag p { Add-DagNode a { 1 } } | Invoke-Dag -DatabasePath 'TestDrive:\drive.db').DatabasePath | Should -Be (Join-Path $TestDrive drive.db)
    }

    # A Unix file mode: on Windows the folder's rights hold.
    It 'makes a file that its owner alone can read' -Skip:$IsWindows {
        $null = New-Dag p { Add-DagNode a { 1 } } | Invoke-Dag -DatabasePath $db
        (Get-Item $db).UnixFileMode | Should -Be ([IO.UnixFileMode]'UserRead, UserWrite')
    }

    It 'keeps nothing with -NoProvenance' {
        $run = New-Dag p { Add-DagNode a { 1 } } | Invoke-Dag -DatabasePath $db -NoProvenance
        $run.Status | Should -Be completed
        $db | Should -Not -Exist
        { Restart-DagRun $run.RunId -NoProvenance } | Should -Throw -ErrorId 'DagProvenanceRequired*'
    }

    It 'runs with -Durability Full' {
        $run = New-Dag p { Add-DagNode a { 1..5 }; Add-DagNode b -Map { $_ * 2 } -After a } | Invoke-Dag -DatabasePath $db -Durability Full
        $run.Outputs['b'] | Should -Be 2, 4, 6, 8, 10
        (Get-DagRun $run.RunId -DatabasePath $db).Status | Should -Be completed
    }

    It 'refuses a database of another program, and leaves it as it is' {
        $null = New-Dag p { Add-DagNode a { 1 } } | Invoke-Dag -DatabasePath (New-DatabasePath)
        $type = [AppDomain]::CurrentDomain.GetAssemblies() | ForEach-Object { $_.GetType('Microsoft.Data.Sqlite.SqliteConnection') } | Select-Object -First 1
        $connection = [Activator]::CreateInstance($type, "Data Source=$db;Pooling=False")
        $connection.Open()
        $command = $connection.CreateCommand()
        $command.CommandText = 'CREATE TABLE theirs (a)'
        $null = $command.ExecuteNonQuery()
        $connection.Dispose()
        $before = (Get-FileHash $db).Hash
        { New-Dag p { Add-DagNode a { 1 } } | Invoke-Dag -DatabasePath $db } | Should -Throw -ErrorId 'DagDatabaseInvalid*'
        (Get-FileHash $db).Hash | Should -Be $before
    }

    It 'refuses a file that is no database' {
        Set-Content $db ('no database ' * 500)
        { New-Dag p { Add-DagNode a { 1 } } | Invoke-Dag -DatabasePath $db } | Should -Throw -ErrorId 'DagDatabaseInvalid*'
        Get-Content $db -Raw | Should -BeLike 'no database*'
    }
}

Describe 'A run that fails' {
    BeforeEach {
        $db = New-DatabasePath
        $dag = New-Dag p {
            Add-DagNode good { 1 }
            Add-DagNode bad -After good { throw [InvalidOperationException]::new('broken pipe') }
            Add-DagNode after { param($x) 1 } -After bad
            Add-DagNode aside { 2 } -After good
        }
    }

    It 'is written, with one error that carries the node''s own' {
        $run = $dag | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue -ErrorVariable problem
        "$($run.Status)" | Should -Be failed
        $run.FailedNode | Should -Be bad
        "$($run.Error)" | Should -BeLike '*broken pipe*'
        @($problem).Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'DagNodeFailed*'
        $problem[0].TargetObject | Should -Be bad
        $problem[0].Exception.InnerException | Should -BeOfType ([InvalidOperationException])
        $problem[0].Exception.ErrorRecord.InvocationInfo.ScriptName | Should -Be $PSCommandPath
        $problem[0].ErrorDetails.RecommendedAction | Should -BeLike "*'bad'*Restart-DagRun $($run.RunId.Substring(0, 8)) -DatabasePath '$db'"
    }

    It 'throws with -ErrorAction Stop, and is in the database' {
        { $dag | Invoke-Dag -DatabasePath $db -ErrorAction Stop } | Should -Throw -ErrorId 'DagNodeFailed*'
        "$((Get-DagRun -DatabasePath $db).Status)" | Should -Be failed
    }

    It 'throws where $ErrorActionPreference is Stop' {
        $ErrorActionPreference = 'Stop'
        { $dag | Invoke-Dag -DatabasePath $db } | Should -Throw -ErrorId 'DagNodeFailed*'
    }

    It 'runs all that is not downstream with -ContinueOnFailure' {
        $run = $dag | Invoke-Dag -DatabasePath $db -ContinueOnFailure -ThrottleLimit 1 -ErrorAction SilentlyContinue
        ($run.Nodes | ForEach-Object { "$($_.Label)=$($_.Status)" }) | Should -Be good=completed, bad=failed, after=upstream_failed, aside=completed
        $run.Outputs['aside'] | Should -Be 2
    }

    It 'starts nothing more without it' {
        $run = $dag | Invoke-Dag -DatabasePath $db -ThrottleLimit 1 -ErrorAction SilentlyContinue
        ($run.Nodes | Where-Object Label -EQ after | Where-Object Status -EQ completed) | Should -BeNullOrEmpty
        $run.Nodes | Where-Object Label -EQ aside | Where-Object Status -EQ completed | Should -BeNullOrEmpty
    }

    It 'fails on a native command only as the preference says' {
        $code = { & $using:PwshPath $using:PwshArguments -NoProfile -Command 'exit 3'; 'went on' }
        $run = New-Dag p { Add-DagNode a $code } | Invoke-Dag -NoProvenance
        $run.Outputs['a'] | Should -Be 'went on'
    }

    It 'does not fail on a non-terminating error, which reaches the error stream' {
        $run = New-Dag p { Add-DagNode a { Write-Error 'soft'; 'went on' } } | Invoke-Dag -NoProvenance -ErrorAction SilentlyContinue -ErrorVariable said
        $run.Outputs['a'] | Should -Be 'went on'
        "$said" | Should -BeLike '*soft*'
    }
    It 'is caught by the type of the node''s own exception' {
        $caught = try { $null = $dag | Invoke-Dag -DatabasePath $db -ErrorAction Stop } catch [InvalidOperationException] { 'typed' } catch { 'any' }
        $caught | Should -Be typed
    }

    It 'leaves $? false and one record in $Error' {
        $Error.Clear()
        $null = $dag | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue
        $? | Should -BeFalse
        $Error.Count | Should -Be 1
    }

    It 'fails where a node ends its runspace, and the session goes on' {
        $run = New-Dag p { Add-DagNode a { exit 3 } } | Invoke-Dag -NoProvenance -ErrorAction SilentlyContinue
        "$($run.Status)" | Should -Be failed
        (New-Dag p { Add-DagNode a { 'next' } } | Invoke-Dag -NoProvenance).Outputs['a'] | Should -Be next
    }

    It 'is not ended by a break in a node, nor is the caller''s loop' {
        $status = foreach ($i in 1..2) { "$((New-Dag p { Add-DagNode a { break; 1 } } | Invoke-Dag -NoProvenance -Inline).Status)" }
        $status | Should -Be completed, completed
    }
}

Describe 'Invoke-Dag -Target' {
    BeforeAll {
        $targets = New-Dag targets {
            Add-DagNode fetch { 5 }
            Add-DagNode report { "r$_" } -After fetch
            Add-DagNode deploy { param([Parameter(Mandatory)] $Where) "to $Where" }
            Add-DagNode tidy { 1 } -After fetch -When Always
            Add-DagNode undo { 1 } -After deploy -When Always
        }
    }

    It 'runs the nodes named and what they need, and has them in Outputs; inputs of the others are not checked' {
        $run = Invoke-Dag $targets -Target report, fetch -DatabasePath (New-DatabasePath)
        $run.Status | Should -Be completed
        $run.Outputs.Keys | Should -Be fetch, report
        $run.Nodes.Status | Should -Be completed, completed, omitted, completed, omitted
    }

    It 'is kept by a restart and by a replay, and is in the views' {
        $db = New-DatabasePath
        $flag = Join-Path $TestDrive "$([guid]::NewGuid())"
        $dag = New-Dag kept { Add-DagNode a { if (-not (Test-Path $using:flag)) { throw 'no' }; 1 }; Add-DagNode b { 2 } }
        $failed = Invoke-Dag $dag -Target a -DatabasePath $db -ErrorAction SilentlyContinue
        $null = New-Item $flag
        $run = $failed | Restart-DagRun
        $run.Nodes.Status | Should -Be completed, omitted
        ($run | Invoke-DagReplay -Node a).Nodes.Status | Should -Be completed, omitted
        (Invoke-StoreQuery $db 'SELECT sink_outputs_json FROM dag_runs LIMIT 1').sink_outputs_json | Should -Be '{"a":1}'
    }

    It 'names the nodes that there are where a target is not there' {
        { Invoke-Dag $targets -Target none -NoProvenance } | Should -Throw -ErrorId 'DagNodeNotFound*'
    }

    It 'says with -WhatIf what is left out, and completes labels' {
        $said = Invoke-ChildPwsh "New-Dag w { Add-DagNode a { 1 }; Add-DagNode b { 2 } } | Invoke-Dag -Target b -WhatIf" | Out-String
        $said | Should -BeLike "*Skip: node 'a'*Run: node 'b'*"
        $line = 'Invoke-Dag $targets -Target re'
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be report
    }
}
