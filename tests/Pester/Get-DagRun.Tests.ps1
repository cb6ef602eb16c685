BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')
}

AfterAll { Restore-TestSession }

Describe 'Get-DagRun' {
    BeforeAll {
        $db = New-DatabasePath
        $dag = New-Dag alpha { Add-DagNode a { 'one' }; Add-DagNode m -After a -Map { "$_!" } }
        $alpha1 = $dag | Invoke-Dag -DatabasePath $db -Tag nightly, eu
        $beta = New-Dag beta { Add-DagNode a { throw 'no' } } | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue -Tag nightly
        $alpha2 = $dag | Invoke-Dag -DatabasePath $db
        $paused = New-Dag gamma { Add-DagNode a { $DagContext.Pause('wait') } } | Invoke-Dag -DatabasePath $db
    }

    It 'writes all runs, newest first, without sub-runs' {
        (Get-DagRun -DatabasePath $db).RunId | Should -Be $paused.RunId, $alpha2.RunId, $beta.RunId, $alpha1.RunId
    }

    It 'takes ids, by position, by unique prefixes and several' {
        (Get-DagRun $beta.RunId -DatabasePath $db).RunId | Should -Be $beta.RunId
        (Get-DagRun $beta.RunId.Substring(0, 12).ToUpperInvariant() -DatabasePath $db).RunId | Should -Be $beta.RunId
        (Get-DagRun -RunId $beta.RunId, $alpha1.RunId -DatabasePath $db).RunId | Should -Be $beta.RunId, $alpha1.RunId
    }

    It 'takes ids from the pipeline' {
        ($alpha1.RunId, $beta.RunId | Get-DagRun -DatabasePath $db).DagName | Should -Be alpha, beta
    }

    It 'takes runs from the pipeline, with their database' {
        ($alpha1, $beta | Get-DagRun).DagName | Should -Be alpha, beta
    }

    It 'takes runs in the place of their ids, with their database, as all cmdlets do that take an id' {
        $own = New-DatabasePath; $other = New-DatabasePath
        $one, $two = 1..2 | ForEach-Object { $dag | Invoke-Dag -DatabasePath $own }
        $stopped = New-Dag stopped { Add-DagNode a { $DagContext.Pause('wait') } } | Invoke-Dag -DatabasePath $own
        (Get-DagRun $one, $stopped).DagName | Should -Be alpha, stopped
        (Get-DagRun ($one | Select-Object RunId, DatabasePath)).DagName | Should -Be alpha
        Compare-DagRun $one $two | Where-Object Change -NE Duration | Should -BeNullOrEmpty
        (Restart-DagRun $stopped -Dag (New-Dag stopped { Add-DagNode a { 1 } }) -Force).Status | Should -Be completed
        (Invoke-DagReplay $one a -Dag $dag).ReplayedFrom | Should -Be $one.RunId
        $elsewhere = $dag | Invoke-Dag -DatabasePath $other
        { Compare-DagRun $one $elsewhere -ErrorAction Stop } | Should -Throw -ErrorId 'DagRunNotFound*' -ExpectedMessage "*$own and $other*"
        # A path on the command line counts more.
        { Get-DagRun $one -DatabasePath $other -ErrorAction Stop } | Should -Throw -ErrorId 'DagRunNotFound*'
        Remove-DagRun $elsewhere
        Get-DagRun -DatabasePath $other | Should -BeNullOrEmpty
        { Restart-DagRun ($dag | Invoke-Dag -NoProvenance) } | Should -Throw -ErrorId 'DagProvenanceRequired*'
    }

    It 'filters by <Filter>' -ForEach @(
        @{ Filter = '-DagName'; Options = @{ DagName = 'ALPHA' }; Expected = 'alpha', 'alpha' }
        @{ Filter = 'several -DagName'; Options = @{ DagName = 'beta', 'gamma' }; Expected = 'gamma', 'beta' }
        @{ Filter = '-Status'; Options = @{ Status = 'failed' }; Expected = , 'beta' }
        @{ Filter = 'several -Status'; Options = @{ Status = 'Failed', 'paused' }; Expected = 'gamma', 'beta' }
        @{ Filter = '-Tag'; Options = @{ Tag = 'nightly' }; Expected = 'beta', 'alpha' }
        @{ Filter = '-First'; Options = @{ First = 2 }; Expected = 'gamma', 'alpha' }
        @{ Filter = 'several at once'; Options = @{ Tag = 'nightly'; Status = 'completed'; First = 5 }; Expected = , 'alpha' }
        @{ Filter = 'what matches none'; Options = @{ DagName = 'delta' }; Expected = @() }
    ) {
        @(Get-DagRun -DatabasePath $db @Options | ForEach-Object DagName) | Should -Be $Expected
    }

    It 'filters by -Since and -Until, which are inclusive' {
        @(Get-DagRun -DatabasePath $db -Since $alpha2.StartedAt).RunId | Should -Be $paused.RunId, $alpha2.RunId
        @(Get-DagRun -DatabasePath $db -Until $beta.StartedAt).RunId | Should -Be $beta.RunId, $alpha1.RunId
        Get-DagRun -DatabasePath $db -Since ([datetime]::Now.AddHours(1)) | Should -BeNullOrEmpty
        @(Get-DagRun -DatabasePath $db -Since (Get-Date).AddHours(-1)).Count | Should -Be 4
    }

    It 'adds sub-runs with -IncludeChild' {
        $names = (Get-DagRun -DatabasePath $db -IncludeChild).DagName
        $names.Count | Should -Be 6
        @($names -eq 'alpha/m[0]').Count | Should -Be 2
    }

    It 'finds a sub-run by its id' {
        $child = (Get-DagRun $alpha1.RunId -DatabasePath $db).Nodes[1].ChildRuns[0]
        (Get-DagRun $child.RunId -DatabasePath $db).ParentRunId | Should -Be $alpha1.RunId
    }

    It 'gives what the run gave' {
        $read = Get-DagRun $alpha1.RunId -DatabasePath $db
        "$($read.Status)" | Should -Be completed
        $read.Outputs['m'] | Should -Be 'one!'
        , $read.Outputs['m'] | Should -BeOfType ([array])
        $read.StartedAt | Should -Be $alpha1.StartedAt
        $read.Duration | Should -Be $alpha1.Duration
        $read.Tag | Should -Be nightly, eu
        $read.Nodes.Label | Should -Be a, m
        $read.Nodes[0].Output | Should -Be one
        $read.DatabasePath | Should -Be $db
        $failed = Get-DagRun $beta.RunId -DatabasePath $db
        $failed.FailedNode | Should -Be a
        "$($failed.Error)" | Should -BeLike '*no*'
    }

    It 'writes an error for an id that is not there, and goes on with the next' {
        $found = Get-DagRun zzzz, $beta.RunId -DatabasePath $db -ErrorAction SilentlyContinue -ErrorVariable problem
        $found.RunId | Should -Be $beta.RunId
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'DagRunNotFound*'
        $problem[0].TargetObject | Should -Be zzzz
        "$($problem[0].CategoryInfo.Category)" | Should -Be ObjectNotFound
    }

    It 'refuses a prefix that several runs have' {
        # Of seventeen runs, two have the same first digit.
        $many = New-DatabasePath
        $ids = 1..17 | ForEach-Object { (New-Dag p { Add-DagNode a { 1 } } | Invoke-Dag -DatabasePath $many).RunId }
        $digit = ($ids | Group-Object { $_[0] } | Where-Object Count -GT 1 | Select-Object -First 1).Name
        $problem = { Get-DagRun $digit -DatabasePath $many -ErrorAction Stop } | Should -Throw -ErrorId 'Dag*' -PassThru
        "$problem" | Should -Not -BeNullOrEmpty
    }

    It 'refuses a status that there is not' {
        { Get-DagRun -DatabasePath $db -Status done } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
    }

    It 'works with no set-up, and makes no file by reading' {
        $saved = $env:LYTHONIC_DAG_DB, $env:XDG_DATA_HOME
        try {
            $env:LYTHONIC_DAG_DB = ''
            $env:XDG_DATA_HOME = Join-Path $TestDrive 'never'
            Get-DagRun -ErrorVariable problem | Should -BeNullOrEmpty
            $problem | Should -BeNullOrEmpty
            $env:XDG_DATA_HOME | Should -Not -Exist
        }
        finally { $env:LYTHONIC_DAG_DB, $env:XDG_DATA_HOME = $saved }
    }

    It 'makes no folder for a database that is not there' {
        { Get-DagRun -DatabasePath (Join-Path $TestDrive 'no/such/folder/x.db') -ErrorAction Stop } | Should -Not -Throw
        Join-Path $TestDrive 'no' | Should -Not -Exist
    }

    It 'refuses a file that is no database, naming it' {
        $path = New-DatabasePath
        Set-Content $path ('no database ' * 500)
        $problem = { Get-DagRun -DatabasePath $path -ErrorAction Stop } | Should -Throw -ErrorId 'DagDatabaseInvalid*' -PassThru
        "$problem" | Should -BeLike "*$path*"
    }

    It 'is read while another process writes' {
        $shared = New-DatabasePath
        $children = 1..3 | ForEach-Object { Start-ChildPwsh "foreach (`$i in 1..5) { `$null = New-Dag c$_ { Add-DagNode a { 1..10 }; Add-DagNode m -Map { `$_ } -After a } | Invoke-Dag -DatabasePath '$shared' -ErrorAction Stop }" }
        try {
            Wait-Until { $null = Get-DagRun -DatabasePath $shared -ErrorAction Stop; -not ($children | Where-Object { -not $_.HasExited }) }
            $children.ExitCode | Should -Be 0, 0, 0
            $runs = Get-DagRun -DatabasePath $shared
            $runs.Count | Should -Be 15
            ($runs | Where-Object Status -NE completed) | Should -BeNullOrEmpty
        }
        finally { $children | Where-Object { -not $_.HasExited } | ForEach-Object Kill }
    }

    It 'completes run ids and DAG names' {
        $env:LYTHONIC_DAG_DB = $db
        try {
            $text = "Get-DagRun -RunId $($beta.RunId.Substring(0, 8))"
            (TabExpansion2 $text $text.Length).CompletionMatches.CompletionText | Should -Contain $beta.RunId
            $text = 'Get-DagRun -DagName al'
            (TabExpansion2 $text $text.Length).CompletionMatches.CompletionText | Should -Contain alpha
        }
        finally { $env:LYTHONIC_DAG_DB = Join-Path $DatabaseFolder 'session.db' }
    }
}
