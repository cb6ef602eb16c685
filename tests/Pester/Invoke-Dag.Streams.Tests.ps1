BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')
}

AfterAll { Restore-TestSession }

Describe 'The streams of a run' {
    BeforeAll {
        $dag = New-Dag p { Add-DagNode talk { Write-Warning w; Write-Verbose v; Write-Debug d; Write-Information i; Write-Host h; 'out' } }
    }

    It 'gives warnings to -WarningVariable, with the node''s label' {
        $null = $dag | Invoke-Dag -NoProvenance -WarningVariable said -WarningAction SilentlyContinue 6>$null
        $said.Message | Should -Be '[talk] w'
    }

    It 'names the element of a map, and the node inside it, in front of what it writes' {
        $dag = New-Dag 'a/dag' {
            Add-DagNode list { @{ pear = 1; fig = 2 } } -OutputType hashtable
            Add-DagNode one -After list -Map { param([int]$n) Write-Warning "w$n"; Write-Host "h$n"; Write-Error "e$n"; $n }
            Add-DagNode two -After list -Map (New-Dag steps { Add-DagNode p { param([int]$n) Write-Warning "p$n"; $n }; Add-DagNode q { param($m) Write-Verbose "q$m" -Verbose; $m } -After p })
            Add-DagNode call -After list -Call (New-Dag inner { Add-DagNode one { param([hashtable]$t) Write-Warning 'called'; 1 } })
        }
        $null = $dag | Invoke-Dag -ThrottleLimit 1 -WarningVariable warnings -WarningAction SilentlyContinue -InformationVariable lines -ErrorVariable problems -ErrorAction SilentlyContinue 6>$null
        $warnings.Message -notmatch 'elements' | Sort-Object | Should -Be '[call/one] called', '[one[fig]] w2', '[one[pear]] w1', '[two[fig]/p] p2', '[two[pear]/p] p1'
        "$($lines | Sort-Object { "$_" })" | Should -Be '[one[fig]] h2 [one[pear]] h1'
        "$($problems.ErrorDetails.Message | Sort-Object)" | Should -Be '[one[fig]] e2 [one[pear]] e1'
        $said = $dag | Invoke-Dag -ThrottleLimit 1 -WarningAction SilentlyContinue -ErrorAction SilentlyContinue 4>&1 6>$null | Where-Object { $_ -is [Management.Automation.VerboseRecord] }
        $said.Message | Sort-Object | Should -Be '[two[fig]/q] q2', '[two[pear]/q] q1'
        $null = 'pear' | Invoke-DagMap { Write-Warning "no $_" } -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings.Message | Should -Be '[each[0]] no pear'
        $job = $dag | Invoke-Dag -AsJob -ThrottleLimit 1
        $null = $job | Wait-Job -Timeout 300
        $job.Warning.Message | Should -Contain '[one[pear]] w1'
        $job | Remove-Job -Force
    }

    It 'merges warnings with 3>&1' {
        $all = $dag | Invoke-Dag -NoProvenance 3>&1 6>$null
        @($all | Where-Object { $_ -is [Management.Automation.WarningRecord] }).Count | Should -Be 1
        @($all | Where-Object { $_ -isnot [Management.Automation.WarningRecord] }).RunId | Should -Not -BeNullOrEmpty
    }

    It 'shows verbose and debug lines of nodes with -Verbose and -Debug alone' {
        $quiet = $dag | Invoke-Dag -NoProvenance -WarningAction SilentlyContinue 4>&1 5>&1 6>$null
        @($quiet).Count | Should -Be 1
        # PowerShell before 7.6 has -Debug ask at each ShouldProcess; here nobody is there to answer.
        $loud = $dag | Invoke-Dag -NoProvenance -WarningAction SilentlyContinue -Verbose -Debug -Confirm:$false 4>&1 5>&1 6>$null
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

    It 'shows what a node sends to its host, in order and once' {
        $text = Invoke-ChildPwsh "`$null = New-Dag p { Add-DagNode a { Write-Host one; 'two' | Out-Host; [pscustomobject]@{ N = 'three' } | Format-Table | Out-Host; Write-Host four } } | Invoke-Dag -NoProvenance"
        ("$text" -replace '\s+', ' ').Trim() | Should -Be 'one two N - three four'
    }

    It 'fails a node that reads from the user in a worker, and says what helps' {
        $run = New-Dag p { Add-DagNode a { Read-Host question } } | Invoke-Dag -NoProvenance -ErrorAction SilentlyContinue
        $run.Error | Should -BeLike '*-Inline*'
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

    It 'takes records that the node redirects as output' {
        $run = New-Dag p { Add-DagNode a { Write-Warning w 3>&1; Write-Error e 2>&1; 5 } } | Invoke-Dag -Inline -NoProvenance -ErrorVariable said
        $run.Outputs['a'] | ForEach-Object { $_.GetType().Name } | Should -Be WarningRecord, ErrorRecord, Int32
        $said | Should -BeNullOrEmpty
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
