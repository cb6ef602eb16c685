BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')
}

AfterAll { Restore-TestSession }

Describe 'Invoke-Dag' {
    BeforeEach { $db = New-DatabasePath }

    It 'writes one run with all that a run has' {
        $before = [DateTimeOffset]::UtcNow.AddSeconds(-1)
        $run = New-Dag p { Add-DagNode a { 20 }; Add-DagNode b { param($a) $a + 1 } -After a } | Invoke-Dag -SourceInput @{} -DatabasePath $db -Tag x, y
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
            Add-DagNode a { Set-Content "$using:folder/a" 1; while (-not (Test-Path "$using:folder/b")) { Start-Sleep -Milliseconds 5 }; 'a' } -Timeout 60
            Add-DagNode b { Set-Content "$using:folder/b" 1; while (-not (Test-Path "$using:folder/a")) { Start-Sleep -Milliseconds 5 }; 'b' } -Timeout 60
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
        $problem[0].ErrorDetails.RecommendedAction | Should -BeLike "*Restart-DagRun*$($run.RunId)*"
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
        $code = { & $using:PwshPath -NoProfile -Command 'exit 3'; 'went on' }
        $run = New-Dag p { Add-DagNode a $code } | Invoke-Dag -NoProvenance
        $run.Outputs['a'] | Should -Be 'went on'
    }

    It 'does not fail on a non-terminating error, which reaches the error stream' {
        $run = New-Dag p { Add-DagNode a { Write-Error 'soft'; 'went on' } } | Invoke-Dag -NoProvenance -ErrorAction SilentlyContinue -ErrorVariable said
        $run.Outputs['a'] | Should -Be 'went on'
        "$said" | Should -BeLike '*soft*'
    }
}

Describe 'The streams of a run' {
    BeforeAll {
        $dag = New-Dag p { Add-DagNode talk { Write-Warning w; Write-Verbose v; Write-Debug d; Write-Information i; Write-Host h; 'out' } }
    }

    It 'gives warnings to -WarningVariable, with the node''s label' {
        $null = $dag | Invoke-Dag -NoProvenance -WarningVariable said -WarningAction SilentlyContinue 6>$null
        $said.Message | Should -Be '[talk] w'
    }

    It 'merges warnings with 3>&1' {
        $all = $dag | Invoke-Dag -NoProvenance 3>&1 6>$null
        @($all | Where-Object { $_ -is [Management.Automation.WarningRecord] }).Count | Should -Be 1
        @($all | Where-Object { $_ -isnot [Management.Automation.WarningRecord] }).RunId | Should -Not -BeNullOrEmpty
    }

    It 'shows verbose and debug lines of nodes with -Verbose and -Debug alone' {
        $quiet = $dag | Invoke-Dag -NoProvenance -WarningAction SilentlyContinue 4>&1 5>&1 6>$null
        @($quiet).Count | Should -Be 1
        $loud = $dag | Invoke-Dag -NoProvenance -WarningAction SilentlyContinue -Verbose -Debug 4>&1 5>&1 6>$null
        @($loud | Where-Object { $_ -is [Management.Automation.VerboseRecord] -and $_.Message -eq '[talk] v' }).Count | Should -Be 1
        @($loud | Where-Object { $_ -is [Management.Automation.DebugRecord] -and $_.Message -eq '[talk] d' }).Count | Should -Be 1
    }

    It 'gives information and host lines to -InformationVariable' {
        $null = $dag | Invoke-Dag -NoProvenance -WarningAction SilentlyContinue -InformationVariable said 6>$null
        ($said | ForEach-Object { "$_" }) | Should -Be i, h
    }

    It 'stops at a warning with -WarningAction Stop' {
        { $dag | Invoke-Dag -NoProvenance -WarningAction Stop 3>$null 6>$null } | Should -Throw
    }

    It 'keeps what was written with the node run, readable later' {
        $db = New-DatabasePath
        $null = $dag | Invoke-Dag -DatabasePath $db -WarningAction SilentlyContinue 6>$null
        $messages = (Get-DagRun -DatabasePath $db).Nodes[0].Messages | ForEach-Object { "$_" }
        "$messages" | Should -BeLike '*w*'
        "$messages" | Should -BeLike '*i*'
    }

    It 'writes no progress bar where $ProgressPreference is SilentlyContinue' {
        $text = Invoke-ChildPwsh "`$ProgressPreference = 'SilentlyContinue'; (New-Dag p { Add-DagNode a { Write-Progress busy; 1..50 }; Add-DagNode m -Map { `$_ } -After a } | Invoke-Dag -NoProvenance).Outputs['m'].Count"
        "$text" | Should -Be '50'
    }
}

Describe 'A run with -Inline' {
    It 'sees mocks, functions and variables of the test' {
        function Get-Thing { 'real' }
        Mock Get-Thing { 'mocked' }
        $mine = 'variable'
        $run = New-Dag p { Add-DagNode a { "$(Get-Thing) $mine" } } | Invoke-Dag -Inline -NoProvenance
        $run.Outputs['a'] | Should -Be 'mocked variable'
        Should -Invoke Get-Thing -Times 1 -Exactly
    }

    It 'sees mocks in maps, calls and retries' {
        Mock Invoke-RestMethod { "got $Uri" }
        $run = New-Dag p { Add-DagNode a { 'http://a', 'http://b' }; Add-DagNode m -After a -Map { param($u) Invoke-RestMethod -Uri $u } } | Invoke-Dag -Inline -NoProvenance
        $run.Outputs['m'] | Should -Be 'got http://a/', 'got http://b/'
        Should -Invoke Invoke-RestMethod -Times 2 -Exactly
    }

    It 'does not leak variables of a node into the caller' {
        $null = New-Dag p { Add-DagNode a { $leaked = 1; $leaked } } | Invoke-Dag -Inline -NoProvenance
        $leaked | Should -BeNullOrEmpty
    }

    It 'obeys strict mode of the caller' {
        Set-StrictMode -Version Latest
        $run = New-Dag p { Add-DagNode a { $neverSet } } | Invoke-Dag -Inline -NoProvenance -ErrorAction SilentlyContinue
        $run.Status | Should -Be failed
    }

    It 'stays on the thread of the caller' {
        $here = [Environment]::CurrentManagedThreadId
        $run = New-Dag p { Add-DagNode a { [Environment]::CurrentManagedThreadId }; Add-DagNode b { [Environment]::CurrentManagedThreadId } -After a } | Invoke-Dag -Inline -NoProvenance
        $run.Outputs['b'] | Should -Be $here
    }
}

Describe 'A run that is stopped' {
    BeforeEach { $db = New-DatabasePath }

    It 'ends when Select-Object has enough' {
        $dag = New-Dag p { Add-DagNode a { Write-Information one; while ($true) { Start-Sleep -Milliseconds 10 } } -Timeout 120 }
        $first = $dag | Invoke-Dag -DatabasePath $db -InformationAction Continue 6>&1 | Select-Object -First 1
        "$first" | Should -Be one
        Wait-Until { "$((Get-DagRun -DatabasePath $db).Status)" -eq 'cancelled' }
    }

    It 'goes on with the script after Select-Object -First has its run' {
        $ran = New-Dag p { Add-DagNode a { 1 } } | Invoke-Dag -DatabasePath $db | Select-Object -First 1
        $ran.Status | Should -Be completed
    }

    It 'is cancelled when its pipeline is stopped, and nothing of it executes after' {
        $gate = Join-Path $TestDrive "$([guid]::NewGuid())"
        $shell = [powershell]::Create()
        $null = $shell.AddScript("
            Import-Module '$ModulePath'
            New-Dag p { Add-DagNode a { Set-Content '$gate' 1; while (`$true) { Start-Sleep -Milliseconds 10 } }; Add-DagNode b { 1 } -After a } | Invoke-Dag -DatabasePath '$db'")
        try {
            $null = $shell.BeginInvoke()
            Wait-Until { Test-Path $gate }
            $shell.Stop()
            Wait-Until { "$((Get-DagRun -DatabasePath $db).Status)" -eq 'cancelled' }
            "$((Get-DagRun -DatabasePath $db).Nodes | Where-Object Label -EQ a | ForEach-Object Status)" | Should -Be cancelled
        }
        finally { $shell.Dispose() }
    }
}

Describe 'A run as a job' {
    BeforeEach {
        $db = New-DatabasePath
        $gate = Join-Path $TestDrive "$([guid]::NewGuid())"
        $waiting = New-Dag waiting { Add-DagNode a { Set-Content "$using:gate.begun" 1; while (-not (Test-Path $using:gate)) { Start-Sleep -Milliseconds 10 }; 'through' } }
    }

    AfterEach { Get-Job | Where-Object PSJobTypeName -EQ DagJob | Remove-Job -Force }

    It 'is found by Get-Job, waited for, received once and removed' {
        $job = New-Dag p { Add-DagNode a { 5 } } | Invoke-Dag -DatabasePath $db -AsJob
        $job | Should -BeOfType ([Management.Automation.Job])
        (Get-Job -Id $job.Id).InstanceId | Should -Be $job.InstanceId
        ($job | Wait-Job -Timeout 60).State | Should -Be Completed
        ($job | Receive-Job).Outputs['a'] | Should -Be 5
        $job | Receive-Job | Should -BeNullOrEmpty
        $job | Remove-Job
        Get-Job -Id $job.Id -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'runs while the caller goes on' {
        $job = $waiting | Invoke-Dag -DatabasePath $db -AsJob
        Wait-Until { Test-Path "$gate.begun" }
        "$($job.State)" | Should -Be Running
        "$((Get-DagRun -DatabasePath $db).Status)" | Should -Be running
        Set-Content $gate 1
        ($job | Wait-Job -Timeout 60 | Receive-Job).Outputs['a'] | Should -Be through
    }

    It 'is cancelled by Stop-Job' {
        $job = $waiting | Invoke-Dag -DatabasePath $db -AsJob
        Wait-Until { Test-Path "$gate.begun" }
        $job | Stop-Job
        "$($job.State)" | Should -Be Stopped
        "$((Get-DagRun -DatabasePath $db).Status)" | Should -Be cancelled
    }

    It 'is cancelled by Remove-Job -Force' {
        $job = $waiting | Invoke-Dag -DatabasePath $db -AsJob
        Wait-Until { Test-Path "$gate.begun" }
        $job | Remove-Job -Force
        Wait-Until { "$((Get-DagRun -DatabasePath $db).Status)" -eq 'cancelled' }
    }

    It 'is Failed when a node failed, and gives the run and its error' {
        $job = New-Dag p { Add-DagNode a { throw 'no' } } | Invoke-Dag -DatabasePath $db -AsJob
        "$(($job | Wait-Job -Timeout 60).State)" | Should -Be Failed
        $run = $job | Receive-Job -ErrorAction SilentlyContinue -ErrorVariable problem
        "$($run.Status)" | Should -Be failed
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'DagNodeFailed*'
    }

    It 'gives the warnings of its nodes to Receive-Job' {
        $job = New-Dag p { Add-DagNode a { Write-Warning careful } } | Invoke-Dag -NoProvenance -AsJob
        $null = $job | Wait-Job -Timeout 60 | Receive-Job -WarningVariable said -WarningAction SilentlyContinue
        $said.Message | Should -Be '[a] careful'
    }

    It 'refuses bad input, and makes no database' {
        { New-Dag p { Add-DagNode a { param([Parameter(Mandatory)]$x) $x } } | Invoke-Dag -DatabasePath $db -AsJob | Receive-Job -Wait -ErrorAction Stop } |
            Should -Throw -ErrorId 'DagInputMissing*'
        $db | Should -Not -Exist
    }

    It 'runs beside others on one database' {
        $jobs = 1..4 | ForEach-Object { New-Dag "job$_" { Add-DagNode a { 1..20 }; Add-DagNode m -Map { $_ * 2 } -After a } | Invoke-Dag -DatabasePath $db -AsJob }
        $runs = $jobs | Wait-Job -Timeout 120 | Receive-Job
        $runs.Count | Should -Be 4
        $runs | ForEach-Object { "$($_.Status)" } | Should -Be completed, completed, completed, completed
        (Get-DagRun -DatabasePath $db).Count | Should -Be 4
    }
}
